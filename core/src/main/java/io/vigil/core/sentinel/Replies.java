package io.vigil.core.sentinel;

import io.vigil.core.resp.Reply;

/** Reads the few kinds of reply a Sentinel gets. */
final class Replies {
  private Replies() {}

  /** The text of a status or error reply; empty for any other kind. */
  static String statusOrError(Reply reply) {
    return switch (reply) {
      case Reply.Simple simple -> simple.text();
      case Reply.Failure failure -> failure.text();
      default -> "";
    };
  }

  /** The text of a bulk or verbatim reply; null for any other kind. */
  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Bulk bulk -> bulk.text();
      case Reply.Verbatim verbatim -> verbatim.text();
      case Reply.Simple simple -> simple.text();
      default -> null;
    };
  }
}
