package io.vigil.cli;

import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import io.vigil.core.base.Ascii;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One user's conversation with a server: a connection that is made again when it is gone, what the
 * user has chosen on it (database, transaction, protocol), and the sending and showing of commands.
 *
 * <p>The texts are redis-cli's, since scripts match on them. One thread uses a session; {@link
 * #interrupt()} alone may come from another.
 */
final class CliSession {
  private final CliOptions options;
  private final OutputStream out;
  private final PrintStream err;
  private final ReplyFormat format;
  private final boolean interactive;

  private volatile RedisConnection connection;
  private int wantedDatabase;
  private int database;
  private int databaseBeforeMulti;
  private boolean inTransaction;
  private List<CommandDocs> commandDocs;
  private volatile boolean streaming;
  private volatile boolean interrupted;

  CliSession(CliOptions options, OutputStream out, PrintStream err, boolean interactive) {
    this.options = options;
    this.out = out;
    this.err = err;
    this.format = options.format();
    this.interactive = interactive;
    this.wantedDatabase = options.database;
  }

  boolean isConnected() {
    return connection != null;
  }

  /**
   * The connection, for the modes that speak to the server by themselves; null if there is none.
   */
  RedisConnection connection() {
    return connection;
  }

  /** What stands before the cursor: address, database if not 0, mark of an open transaction. */
  String prompt() {
    if (connection == null) {
      return "not connected> ";
    }
    StringBuilder prompt = new StringBuilder();
    if (options.socketPath != null) {
      prompt.append("redis ");
    }
    prompt.append(options.address());
    if (database != 0) {
      prompt.append('[').append(database).append(']');
    }
    if (inTransaction) {
      prompt.append("(TX)");
    }
    return prompt.append("> ").toString();
  }

  /**
   * Connects, authenticates, selects the database and the protocol.
   *
   * @param quiet whether a failure to connect goes unreported
   * @return whether all of that worked; after a refused password the connection stays open all the
   *     same
   */
  boolean connect(boolean quiet) {
    disconnect();
    try {
      connection = RedisConnection.open(options.address());
    } catch (IOException e) {
      if (!quiet) {
        String where =
            options.socketPath != null ? options.socketPath : options.host + ":" + options.port;
        err.println("Could not connect to Redis at " + where + ": " + reason(e));
      }
      return false;
    }
    try {
      return authenticate() && select() && switchProtocol();
    } catch (IOException e) {
      err.println("\nI/O error");
      disconnect();
      return false;
    }
  }

  private boolean authenticate() throws IOException {
    if (options.password == null) {
      return true;
    }
    List<byte[]> words = new ArrayList<>(3);
    words.add(Ascii.bytes("AUTH"));
    if (options.user != null) {
      words.add(options.user.getBytes(StandardCharsets.UTF_8));
    }
    words.add(options.password);
    return succeeds("AUTH", words);
  }

  private boolean select() throws IOException {
    if (wantedDatabase == database) {
      return true;
    }
    String number = Integer.toString(wantedDatabase);
    boolean selected =
        succeeds("SELECT " + number, List.of(Ascii.bytes("SELECT"), Ascii.bytes(number)));
    if (selected) {
      database = wantedDatabase;
    }
    return selected;
  }

  private boolean switchProtocol() throws IOException {
    if (options.resp3 == CliOptions.Resp3.NO || options.resp2) {
      return true;
    }
    return succeeds("HELLO 3", List.of(Ascii.bytes("HELLO"), Ascii.bytes("3")))
        || options.resp3 == CliOptions.Resp3.IF_POSSIBLE;
  }

  private boolean succeeds(String what, List<byte[]> command) throws IOException {
    if (connection.call(command) instanceof Reply.Failure failure) {
      err.println(what + " failed: " + failure.text());
      return false;
    }
    return true;
  }

  /** Closes the connection if there is one; the next command makes a new one. */
  void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        err.println("Error: " + reason(e));
      }
      connection = null;
      database = 0;
      inTransaction = false;
    }
  }

  /** Points the session at another server, as the shell's {@code connect} does. */
  void connectTo(String host, int port) {
    options.host = host;
    options.port = port;
    options.socketPath = null;
    connect(false);
  }

  /**
   * Ends a stream of messages (SUBSCRIBE, MONITOR) from another thread.
   *
   * @return false if none was running, so that the caller may do what the signal means otherwise
   */
  boolean interrupt() {
    RedisConnection current = connection;
    if (!streaming || current == null) {
      return false;
    }
    interrupted = true;
    try {
      current.close();
    } catch (IOException e) {
      err.println("Error: " + reason(e));
    }
    return true;
  }

  /**
   * Sends a command and shows its reply, as often as told.
   *
   * @param repeat how often; negative for ever
   * @return false if the connection failed
   */
  boolean issue(List<byte[]> command, long repeat) throws IOException {
    String name = word(command, 0);
    if (name.equals("help") || name.equals("?")) {
      Help.show(this, out, command.subList(1, command.size()));
      return true;
    }
    if (connection == null && !connect(false)) {
      return false;
    }
    CommandTraits traits = CommandTraits.of(command);
    try {
      for (long left = repeat; left != 0; left = left < 0 ? left : left - 1) {
        connection.send(command);
        if (traits.streams()) {
          if (traits == CommandTraits.SUBSCRIPTION && options.output != CliOptions.Output.RAW) {
            print("Reading messages... (press Ctrl-C to quit)\n");
          }
          stream(traits);
        } else {
          Reply reply = readAndShow(traits, false);
          remember(name, command, reply);
        }
        pause(left);
      }
      return true;
    } catch (IOException e) {
      return failed(e, name);
    }
  }

  private boolean failed(IOException e, String command) throws IOException {
    if (interrupted) {
      interrupted = false;
      streaming = false;
      return connect(false);
    }
    out.flush();
    if (command.equals("shutdown")) {
      disconnect();
      return true;
    }
    err.println("Error: " + reason(e));
    disconnect();
    return false;
  }

  /** Shows what comes until an error, an interrupt or the end of the connection. */
  private void stream(CommandTraits traits) throws IOException {
    streaming = true;
    try {
      Reply reply;
      do {
        reply = readAndShow(traits, true);
      } while (!(reply instanceof Reply.Failure));
    } finally {
      if (!interrupted) {
        streaming = false;
      }
    }
  }

  private Reply readAndShow(CommandTraits traits, boolean pushesAreReplies) throws IOException {
    Reply reply = connection.read();
    while (reply instanceof Reply.Push push && !pushesAreReplies) {
      if (options.showPushes) {
        showPush(push);
      }
      reply = connection.read();
    }
    if (!interactive && options.failOnError && reply instanceof Reply.Failure failure) {
      out.flush();
      throw new CliExit(1, failure.text());
    }
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    if (traits == CommandTraits.TEXT) {
      new RawFormat(options.elementDelimiter, options.replyDelimiter).appendBare(shown, reply);
    } else {
      format.append(shown, reply);
    }
    show(shown);
    return reply;
  }

  private void showPush(Reply.Push push) throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    List<Reply> parts = push.elements();
    if (options.output == CliOptions.Output.STANDARD
        && parts.size() == 2
        && "invalidate".equals(parts.getFirst().text())
        && parts.get(1) instanceof Reply.Array keys) {
      ReplyFormat.text(shown, "-> invalidate: ");
      for (int i = 0; i < keys.elements().size(); i++) {
        ReplyFormat.text(shown, (i == 0 ? "'" : ", '") + keys.elements().get(i).text() + "'");
      }
      shown.write('\n');
    } else {
      format.append(shown, push);
    }
    show(shown);
  }

  private void show(ByteArrayOutputStream shown) throws IOException {
    shown.writeTo(out);
    out.flush();
  }

  /** Keeps in mind what a command changes for the prompt and for a later connection. */
  private void remember(String name, List<byte[]> command, Reply reply) throws IOException {
    boolean failed = reply instanceof Reply.Failure;
    switch (name) {
      case "select" -> {
        if (command.size() == 2 && !failed) {
          database = (int) OptionsParser.leadingInteger(word(command, 1));
          wantedDatabase = database;
        }
      }
      case "auth" -> {
        if (command.size() == 2 || command.size() == 3) {
          select();
        }
      }
      case "multi" -> {
        if (command.size() == 1 && !failed) {
          inTransaction = true;
          databaseBeforeMulti = database;
        }
      }
      case "exec" -> {
        if (command.size() == 1 && inTransaction) {
          endTransaction(failed || reply instanceof Reply.Nil);
        }
      }
      case "discard" -> {
        if (command.size() == 1 && !failed) {
          endTransaction(true);
        }
      }
      case "reset" -> {
        if (command.size() == 1 && !failed) {
          inTransaction = false;
          database = 0;
          wantedDatabase = 0;
          options.resp3 = CliOptions.Resp3.NO;
        }
      }
      default -> {}
    }
  }

  private void endTransaction(boolean nothingRan) {
    inTransaction = false;
    if (nothingRan) {
      database = databaseBeforeMulti;
      wantedDatabase = database;
    }
  }

  private void pause(long left) {
    if (options.intervalMs > 0 && left != 1) {
      try {
        Thread.sleep(options.intervalMs);
      } catch (InterruptedException e) {
        throw new CliExit(1, null);
      }
    }
  }

  /**
   * What the server says of its commands, asked once; empty if it cannot be asked or does not say.
   */
  List<CommandDocs> commandDocs() {
    if (commandDocs == null && (connection != null || connect(true))) {
      try {
        commandDocs = CommandDocs.of(connection.call("COMMAND", "DOCS"));
      } catch (IOException e) {
        err.println("Error: " + reason(e));
        disconnect();
      }
    }
    return commandDocs != null ? commandDocs : List.of();
  }

  /** Whether replies are formatted for people. */
  boolean isForPeople() {
    return options.output == CliOptions.Output.STANDARD;
  }

  void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** A word of a command in lower case, "" if there is none. */
  static String word(List<byte[]> command, int index) {
    if (index >= command.size()) {
      return "";
    }
    return new String(command.get(index), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
  }

  static String reason(IOException e) {
    return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
  }
}
