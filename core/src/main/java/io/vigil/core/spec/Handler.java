package io.vigil.core.spec;

/** The body of a command. It writes its reply and says its effects through the context. */
@FunctionalInterface
public interface Handler<C extends CommandContext> {
  void run(C context);
}
