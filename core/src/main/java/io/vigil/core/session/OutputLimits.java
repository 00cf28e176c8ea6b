package io.vigil.core.session;

/** {@code client-output-buffer-limit} of one kind of client; 0 bytes means no limit. */
public record OutputLimits(long hardBytes, long softBytes, long softSeconds) {
  public static final OutputLimits NONE = new OutputLimits(0, 0, 0);
}
