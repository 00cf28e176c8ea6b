package io.vigil.core.sentinel;

import java.util.List;

/** Keeps the state of a Sentinel in its configuration file. */
public interface ConfigurationStore {
  /** Hears how saving ended; {@code error} is null when the state is durable. */
  @FunctionalInterface
  interface Outcome {
    void saved(String error);
  }

  /**
   * Writes {@code lines} (each the words that follow {@code sentinel}) in place of those that the
   * file has. Saves asked for while one is under way are joined into the next; the outcome comes in
   * the core.
   */
  void save(List<List<String>> lines, Outcome outcome);

  /**
   * As {@link #save(List, Outcome)}; {@code durable} runs on success only, a failure is logged by
   * the store.
   */
  default void save(List<List<String>> lines, Runnable durable) {
    save(
        lines,
        error -> {
          if (error == null) {
            durable.run();
          }
        });
  }
}
