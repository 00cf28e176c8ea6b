package io.vigil.core.env;

import java.io.IOException;
import java.util.List;

/**
 * Files. Calls block: they are made inside {@link Offload} jobs, at start, and in exclusive
 * commands such as SAVE. Relative paths are resolved against the node's working directory by the
 * implementation.
 */
public interface Disk {
  /** Creates or truncates a file for writing. */
  DiskFile create(String path) throws IOException;

  /** Opens an existing file for appending, or creates it. */
  DiskFile append(String path) throws IOException;

  /** Opens an existing file for reading. */
  DiskFile open(String path) throws IOException;

  boolean exists(String path);

  /** Replaces {@code to} atomically. */
  void rename(String from, String to) throws IOException;

  /** Removes a file; no error when there is none. */
  void delete(String path) throws IOException;

  /** Names, not paths, of the entries of a directory, sorted. */
  List<String> list(String directory) throws IOException;

  /** Makes a rename or creation in {@code directory} durable. */
  void syncDirectory(String directory) throws IOException;

  /** An open file. Not safe for use by two threads at once. */
  interface DiskFile extends AutoCloseable {
    /** Reads up to {@code length} bytes; -1 at the end. */
    int read(byte[] target, int offset, int length) throws IOException;

    /** Writes all the bytes. */
    void write(byte[] source, int offset, int length) throws IOException;

    /** Forces what was written to the device. */
    void sync() throws IOException;

    /** Length in bytes. */
    long size() throws IOException;

    /** Cuts the file to {@code size} bytes. */
    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
  }
}
