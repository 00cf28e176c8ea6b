package io.vigil.core.replication;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.common.Deferred;
import io.vigil.core.env.Timers.Timer;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.link.RespLink;
import io.vigil.core.persist.store.DumpCommands;
import io.vigil.core.resp.Reply;
import io.vigil.core.session.ClientPause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One MIGRATE under way.
 *
 * <pre>
 *   kept connection, or connect -> AUTH, SELECT, RESTORE key ... in one go -> a reply each -> DEL of what arrived
 * </pre>
 *
 * <p>A kept connection that turns out to be dead before the first reply is replaced once. A key is
 * deleted only after the other side has said that it has it; the deletions go out to replicas as
 * one DEL.
 */
final class Migration implements RespLink.Events {
  private final MigrateCommand command;
  private final MigrateCommand.Request request;
  private final Deferred reply;
  private final List<byte[]> moved = new ArrayList<>();
  private MigrateLinks.Kept kept;
  private Timer timer;
  private int left;
  private boolean answered;
  private boolean mayRetry;
  private boolean opened;
  private boolean over;
  private String prelude;
  private String error;

  Migration(MigrateCommand command, MigrateCommand.Request request, Deferred reply) {
    this.command = command;
    this.request = request;
    this.reply = reply;
  }

  void start() {
    command.pause.pause(ClientPause.Purpose.MIGRATION, ClientPause.Mode.WRITE, Long.MAX_VALUE);
    timer = command.env.timers().schedule(request.timeoutMs(), this::timedOut);
    kept = command.links.kept(request.host(), request.port());
    if (kept != null) {
      mayRetry = true;
      kept.user = this;
      opened();
    } else {
      connect();
    }
  }

  private void connect() {
    opened = false;
    kept = command.links.connect(request.host(), request.port(), request.timeoutMs(), this);
  }

  @Override
  public void opened() {
    opened = true;
    prelude = null;
    RespLink link = kept.link();
    if (request.password() != null) {
      byte[] auth = bytes("AUTH");
      if (request.user() == null) {
        link.send(this::preludeReply, auth, request.password());
      } else {
        link.send(this::preludeReply, auth, request.user(), request.password());
      }
    }
    if (kept.database != request.database()) {
      link.send(this::preludeReply, "SELECT", Long.toString(request.database()));
    }
    sendKeys(link);
    if (left == 0) {
      finish();
    }
  }

  private void sendKeys(RespLink link) {
    Database database = command.keyspace.database(request.sourceDatabase());
    long nowMs = command.env.clock().wallMs();
    for (byte[] key : request.keys()) {
      long record = database.peek(key, 0, key.length);
      long deadlineMs = record == 0 ? 0 : database.deadlineMs(record);
      boolean expired = record != 0 && deadlineMs != Database.NO_DEADLINE && deadlineMs < nowMs;
      if (record == 0 || expired) {
        continue;
      }
      long ttl = deadlineMs == Database.NO_DEADLINE ? 0 : Math.max(1, deadlineMs - nowMs);
      byte[] payload = DumpCommands.payload(database, record, command.settings.packsStrings);
      List<byte[]> words = new ArrayList<>();
      words.add(bytes("RESTORE"));
      words.add(key);
      words.add(bytes(Long.toString(ttl)));
      words.add(payload);
      if (request.replace()) {
        words.add(bytes("REPLACE"));
      }
      left++;
      link.send(answer -> restored(key, answer), words.toArray(byte[][]::new));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void preludeReply(Reply answer) {
    if (answer instanceof Reply.Failure failure && prelude == null) {
      prelude = failure.text();
    }
  }

  private void restored(byte[] key, Reply answer) {
    answered = true;
    left--;
    String problem = prelude;
    if (problem == null && answer instanceof Reply.Failure failure) {
      problem = failure.text();
    }
    if (problem == null) {
      moved.add(key);
    } else if (error == null) {
      error = "ERR Target instance replied with error: " + problem;
    }
    if (left == 0) {
      finish();
    }
  }

  @Override
  public void closed(String reason) {
    if (over) {
      return;
    }
    if (mayRetry && !answered) {
      mayRetry = false;
      left = 0;
      connect();
      return;
    }
    fail();
  }

  private void timedOut() {
    if (!over) {
      command.links.close(kept);
      fail();
    }
  }

  private void fail() {
    if (error == null) {
      error =
          opened
              ? "IOERR error or timeout reading to target instance"
              : "IOERR error or timeout connecting to the client";
    }
    end();
  }

  private void finish() {
    kept.database = error == null ? request.database() : -1;
    command.links.release(kept);
    end();
  }

  private void end() {
    over = true;
    timer.cancel();
    if (!request.copy()) {
      deleteMoved();
    }
    command.pause.resume(ClientPause.Purpose.MIGRATION);
    reply.complete(
        out -> {
          if (error == null) {
            out.ok();
          } else {
            out.error(error);
          }
        });
  }

  private void deleteMoved() {
    Database database = command.keyspace.database(request.sourceDatabase());
    Arguments deletion = new Arguments();
    byte[] name = bytes("DEL");
    deletion.add(name, 0, name.length);
    command.effects.beginUnit();
    for (byte[] key : moved) {
      if (database.delete(key, 0, key.length)) {
        deletion.add(key, 0, key.length);
        command.saveState.changes++;
        command.effects.modified(request.sourceDatabase(), key, 0, key.length);
        command.effects.event(
            NotifyClass.GENERIC, "del", request.sourceDatabase(), key, 0, key.length);
      }
    }
    if (deletion.count() > 1) {
      command.effects.alsoPropagate(request.sourceDatabase(), deletion);
    }
    command.effects.endUnit();
  }
}
