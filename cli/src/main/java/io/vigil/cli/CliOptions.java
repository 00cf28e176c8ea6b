package io.vigil.cli;

import io.vigil.cli.client.Address;
import java.util.List;

/**
 * What the command line asks for. Filled by {@link OptionsParser}; nobody changes it afterwards but
 * for the password asked at the prompt.
 */
final class CliOptions {
  /** How replies are shown. */
  enum Output {
    STANDARD,
    RAW,
    CSV,
    JSON,
    QUOTED_JSON
  }

  /** What is to be done. */
  enum Mode {
    COMMAND_OR_SHELL,
    HELP,
    VERSION,
    SCAN,
    PIPE
  }

  /**
   * The protocol version to ask for: none, by {@code HELLO 3} if the server knows it, by {@code
   * HELLO 3} or not at all.
   */
  enum Resp3 {
    NO,
    IF_POSSIBLE,
    REQUIRED
  }

  Mode mode = Mode.COMMAND_OR_SHELL;
  String host = "127.0.0.1";
  int port = 6379;
  String socketPath;
  int database;
  String user;
  byte[] password;
  boolean askPassword;
  boolean warnAboutPassword = true;
  Output output = Output.STANDARD;
  byte[] elementDelimiter = {'\n'};
  byte[] replyDelimiter = {'\n'};
  boolean showPushes = true;
  boolean resp2;
  Resp3 resp3 = Resp3.NO;
  long repeat = 1;
  long intervalMs;
  boolean lastArgumentFromStdin;
  byte[] stdinTag;
  boolean quotedInput;
  boolean failOnError;
  byte[] pattern;
  int pipeTimeoutSeconds = 30;

  /** The command and its arguments; empty for the shell. */
  List<byte[]> command = List.of();

  Address address() {
    return socketPath != null ? new Address.Unix(socketPath) : new Address.Tcp(host, port);
  }

  ReplyFormat format() {
    return switch (output) {
      case STANDARD -> new StandardFormat();
      case RAW -> new RawFormat(elementDelimiter, replyDelimiter);
      case CSV -> new CsvFormat();
      case JSON -> new JsonFormat(false);
      case QUOTED_JSON -> new JsonFormat(true);
    };
  }
}
