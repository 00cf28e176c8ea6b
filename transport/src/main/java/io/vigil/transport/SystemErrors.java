package io.vigil.transport;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * The system's own words for an error: the JDK hides some behind an exception's class and prints
 * the file name alone.
 */
final class SystemErrors {
  private SystemErrors() {}

  static String reason(IOException error) {
    return switch (error) {
      case NoSuchFileException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileAlreadyExistsException _ -> "File exists";
      case DirectoryNotEmptyException _ -> "Directory not empty";
      case NotDirectoryException _ -> "Not a directory";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> error.getMessage() == null ? error.toString() : error.getMessage();
    };
  }

  /** The same error with the system's reason as its whole message. */
  static IOException plain(IOException error) {
    return new IOException(reason(error), error);
  }
}
