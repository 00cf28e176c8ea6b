package io.vigil.core.env;

/**
 * The process and machine a node lives in, as far as it shows in INFO and limits. Several nodes may
 * share one.
 */
public interface Host {
  /** Process id. */
  long processId();

  /** Bytes the data set may take in this process: the hard limit of the account. */
  long dataLimitBytes();

  /**
   * True where the data set's memory is to check itself, at some cost: freed blocks are poisoned
   * and kept aside for a while, and misuse stops the node.
   */
  default boolean checksMemory() {
    return false;
  }

  /** Physical memory of the machine or its control group, in bytes. */
  long physicalMemoryBytes();

  /** Resident bytes of the process; 0 when unknown. */
  long residentBytes();

  /** Processor time used so far: user, then system, in microseconds. */
  long[] processorMicros();

  /** Operating system name, release and machine, as uname prints them. */
  String operatingSystem();

  /** The working directory against which relative paths are resolved. */
  String workingDirectory();

  /**
   * Changes the working directory.
   *
   * @throws java.io.IOException when it is not a directory that can be entered; the message is the
   *     system's reason
   */
  void changeDirectory(String path) throws java.io.IOException;

  /**
   * Keeps the core from running for {@code micros} microseconds of real time: a lever of DEBUG. A
   * simulated host has no time of its own to spend.
   */
  default void stall(long micros) {}

  /**
   * How gladly the system ends this process when memory runs out, as an adjustment from -1000 to
   * 1000.
   *
   * @throws java.io.IOException where the system has no such thing
   */
  default int outOfMemoryScore() throws java.io.IOException {
    throw new java.io.IOException("this host has no out-of-memory score");
  }

  /**
   * Changes {@link #outOfMemoryScore}.
   *
   * @throws java.io.IOException when that is not allowed; the message is the system's reason
   */
  default void setOutOfMemoryScore(int score) throws java.io.IOException {
    throw new java.io.IOException("this host has no out-of-memory score");
  }

  /** Ends the process, or the instance where it is embedded, with {@code status}. */
  void exit(int status);
}
