package io.vigil.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line client. It takes redis-cli's options, prints what redis-cli prints and exits as
 * redis-cli exits; what it leaves out it names.
 *
 * <pre>
 *   command line -> OptionsParser -> CliOptions -> one command | Shell | ScanMode | PipeMode
 *                                                        \          |
 *                                                         CliSession: connection, state, showing of replies
 *                                                             |               |
 *                                                      client.RedisConnection  ReplyFormat
 * </pre>
 *
 * A one-shot command is mostly the start of a JVM, so this path loads as few classes as it can: no
 * regular expressions, no format strings, no line editor.
 */
public final class CliMain {
  private final List<byte[]> arguments;
  private final Map<String, String> environment;
  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final boolean inputIsTerminal;
  private final boolean outputIsTerminal;

  CliMain(
      List<byte[]> arguments,
      Map<String, String> environment,
      InputStream in,
      OutputStream out,
      PrintStream err,
      boolean inputIsTerminal,
      boolean outputIsTerminal) {
    this.arguments = arguments;
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
    this.inputIsTerminal = inputIsTerminal;
    this.outputIsTerminal = outputIsTerminal;
  }

  /** Runs the tool on the process's own streams and ends the process. */
  public static void main(String[] args) {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    boolean outputIsTerminal = Environment.isOutputTerminal() || System.getenv("FAKETTY") != null;
    CliMain main =
        new CliMain(
            Environment.argumentBytes(args),
            System.getenv(),
            new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            err,
            Environment.isInputTerminal(),
            outputIsTerminal);
    System.exit(main.run());
  }

  /** Does what the arguments say and returns the exit code. */
  int run() {
    try {
      int code = dispatch(OptionsParser.parse(arguments, outputIsTerminal));
      out.flush();
      return code;
    } catch (CliExit exit) {
      if (exit.getMessage() != null) {
        err.println(exit.getMessage());
      }
      return exit.code();
    } catch (IOException e) {
      err.println("Error: " + CliSession.reason(e));
      return 1;
    }
  }

  private int dispatch(CliOptions options) throws IOException {
    switch (options.mode) {
      case HELP -> {
        out.write(Usage.TEXT.getBytes(StandardCharsets.UTF_8));
        return 0;
      }
      case VERSION -> {
        out.write((Usage.version() + "\n").getBytes(StandardCharsets.UTF_8));
        return 0;
      }
      default -> {}
    }
    choosePassword(options);
    boolean isShell = options.mode == CliOptions.Mode.COMMAND_OR_SHELL && options.command.isEmpty();
    CliSession session = new CliSession(options, out, err, isShell);
    return switch (options.mode) {
      case SCAN -> {
        connectOrExit(session);
        yield new ScanMode(options, session.connection(), out).run();
      }
      case PIPE -> {
        connectOrExit(session);
        yield new PipeMode(options, session.connection(), in, out, err).run();
      }
      default -> isShell ? shell(session) : oneShot(options, session);
    };
  }

  private void choosePassword(CliOptions options) {
    if (options.warnAboutPassword && options.password != null) {
      err.println(
          "Warning: Using a password with '-a' or '-u' option on the command line interface may not"
              + " be safe.");
    }
    if (options.askPassword) {
      options.password = Shell.askPassword(in, inputIsTerminal, err);
    } else if (options.password == null && environment.containsKey("REDISCLI_AUTH")) {
      options.password = environment.get("REDISCLI_AUTH").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static void connectOrExit(CliSession session) {
    if (!session.connect(false)) {
      throw new CliExit(1, null);
    }
  }

  private int shell(CliSession session) throws IOException {
    session.connect(false);
    new Shell(session, in, inputIsTerminal, environment).run();
    return 0;
  }

  private int oneShot(CliOptions options, CliSession session) throws IOException {
    List<byte[]> command = new ArrayList<>(options.command.size() + 1);
    for (byte[] argument : options.command) {
      byte[] word = options.quotedInput ? Quoting.unquote(argument) : argument;
      if (word == null) {
        session.print("Invalid quoted string\n");
        return 1;
      }
      command.add(word);
    }
    if (options.lastArgumentFromStdin) {
      command.add(in.readAllBytes());
    } else if (options.stdinTag != null) {
      replaceTag(command, options.stdinTag);
    }
    session.connect(true);
    boolean done = session.issue(command, options.repeat);
    session.disconnect();
    return done ? 0 : 1;
  }

  private void replaceTag(List<byte[]> command, byte[] tag) throws IOException {
    for (int i = 0; i < command.size(); i++) {
      if (java.util.Arrays.equals(command.get(i), tag)) {
        command.set(i, in.readAllBytes());
        return;
      }
    }
    throw new CliExit(1, "Using -X option but stdin tag not match.");
  }
}
