package io.vigil.core.observe.config;

/**
 * The configuration cannot be used. The message is the whole text for the standard error stream;
 * the process must not start.
 */
public final class ConfigError extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigError(String message) {
    super(message);
  }
}
