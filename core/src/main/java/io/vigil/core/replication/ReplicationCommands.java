package io.vigil.core.replication;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.ALLOW_BUSY;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.FAST;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.NO_ASYNC_LOADING;
import static io.vigil.core.spec.CommandFlag.NO_MULTI;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.command.common.Invocation;
import io.vigil.core.env.Env;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.ClientLine;
import io.vigil.core.session.Session;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.Origin;
import java.util.List;
import java.util.Locale;

/**
 * Commands of replication: PSYNC, SYNC, REPLCONF, REPLICAOF, ROLE, WAIT, FAILOVER. They act on one
 * node's replication, so a node makes its own.
 */
public final class ReplicationCommands {
  private static final CommandError WRONG_PORT = new CommandError("ERR Invalid master port");

  private final Env env;
  private final PrimarySide primary;
  private final ReplicaSide replica;
  private final Failover failover;

  public ReplicationCommands(Env env, PrimarySide primary, ReplicaSide replica, Failover failover) {
    this.env = env;
    this.primary = primary;
    this.replica = replica;
    this.failover = failover;
  }

  /** All commands of this file. */
  public List<CommandSpec> all() {
    return List.of(
        psyncSpec(),
        syncSpec(),
        replconfSpec(),
        replicaofSpec("replicaof", "5.0.0"),
        replicaofSpec("slaveof", "1.0.0"),
        roleSpec(),
        waitSpec(),
        failoverSpec());
  }

  // ---- PSYNC and SYNC

  private CommandSpec psyncSpec() {
    return command("psync")
        .group(CommandGroup.SERVER)
        .since("2.8.0")
        .arity(-3)
        .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI, BARRIER)
        .arguments(arg("replicationid", STRING), arg("offset", INTEGER))
        .summary("Asks to go on with a history, or for a full synchronisation. Sent by replicas.")
        .handler(this::psync);
  }

  private void psync(Invocation in) {
    if (primary.isReplica(in.session())) {
      return;
    }
    if (in.count() > 3 && in.is(3, "FAILOVER")) {
      takeOver(in);
    }
    refuseUnlessServing(in);
    if (!isInteger(in, 2)) {
      env.log()
          .warning(
              "Replica "
                  + in.session().connection().remoteAddress()
                  + " asks for synchronization but with a wrong offset");
    }
    primary.psync(in.session(), in.text(1), in.integer(2));
  }

  private static boolean isInteger(Invocation in, int index) {
    try {
      in.integer(index);
      return true;
    } catch (CommandError notInteger) {
      return false;
    }
  }

  /**
   * PSYNC id offset FAILOVER: the primary, which has stopped writing, asks this replica to take its
   * place.
   */
  private void takeOver(Invocation in) {
    String id = in.text(1);
    env.log().warning("Failover request received for replid " + id + ".");
    if (!replica.isReplica()) {
      throw new CommandError("ERR PSYNC FAILOVER can't be sent to a master.");
    }
    if (!id.equalsIgnoreCase(primary.stream().id())) {
      throw new CommandError("ERR PSYNC FAILOVER replid must match my replid.");
    }
    replica.lead();
    env.log().notice("MASTER MODE enabled (failover request from '" + lineOf(in.session()) + "')");
  }

  private String lineOf(Session session) {
    return ClientLine.of(session, env.clock().monotonicMs());
  }

  private void refuseUnlessServing(Invocation in) {
    if (failover.isActive()) {
      throw new CommandError("NOMASTERLINK Can't SYNC while failing over");
    }
    if (replica.isReplica() && !replica.isConnected()) {
      throw new CommandError("NOMASTERLINK Can't SYNC while not connected with my master");
    }
    if (in.session().connection().output().pendingBytes() > 0) {
      throw new CommandError("ERR SYNC and PSYNC are invalid with pending output");
    }
  }

  private CommandSpec syncSpec() {
    return command("sync")
        .group(CommandGroup.SERVER)
        .since("1.0.0")
        .arity(1)
        .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI, BARRIER)
        .summary("Asks for a full synchronisation. Sent by old replicas and tools.")
        .handler(this::sync);
  }

  private void sync(Invocation in) {
    if (primary.isReplica(in.session())) {
      return;
    }
    refuseUnlessServing(in);
    primary.sync(in.session());
  }

  // ---- REPLCONF

  private CommandSpec replconfSpec() {
    return command("replconf")
        .group(CommandGroup.SERVER)
        .since("3.0.0")
        .arity(-1)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE, ALLOW_BUSY)
        .systemCommand()
        .summary("Tells a replication peer about this node. Sent by servers.")
        .complexity("O(1)")
        .handler(this::replconf);
  }

  private void replconf(Invocation in) {
    if (in.count() % 2 == 0) {
      throw CommandError.SYNTAX;
    }
    for (int i = 1; i < in.count(); i += 2) {
      if (in.is(i, "ACK")) {
        if (isInteger(in, i + 1)) {
          primary.acknowledged(in.session(), in.integer(i + 1));
        }
        return;
      }
      if (in.is(i, "GETACK")) {
        if (in.origin() == Origin.PRIMARY_LINK) {
          replica.sendAcknowledgement();
        }
        return;
      }
      option(in, i);
    }
    in.reply().ok();
  }

  private void option(Invocation in, int i) {
    Session session = in.session();
    if (in.is(i, "LISTENING-PORT")) {
      primary.listeningPort(session, (int) in.integer(i + 1));
    } else if (in.is(i, "IP-ADDRESS")) {
      if (!primary.announcedAddress(session, in.text(i + 1))) {
        throw new CommandError(
            String.format(
                Locale.ROOT,
                "ERR REPLCONF ip-address provided by replica instance is too long: %d bytes",
                in.text(i + 1).length()));
      }
    } else if (in.is(i, "CAPA")) {
      primary.capability(session, in.text(i + 1));
    } else if (in.is(i, "RDB-ONLY")) {
      long only = in.integer(i + 1);
      if (only != 0 && only != 1) {
        throw new CommandError("ERR value is out of range, value must between 0 and 1");
      }
      primary.onlyDataFile(session, only == 1);
    } else if (!in.is(i, "VERSION")) {
      // Replicas since 7.2 tell their version; nothing of it matters for what is sent to them.
      throw new CommandError("ERR Unrecognized REPLCONF option: " + in.text(i));
    }
  }

  // ---- REPLICAOF

  private CommandSpec replicaofSpec(String name, String since) {
    CommandSpec.Builder spec =
        command(name)
            .group(CommandGroup.SERVER)
            .since(since)
            .arity(3)
            .flags(ADMIN, NOSCRIPT, STALE, NO_ASYNC_LOADING)
            .arguments(
                oneOf(
                    "args",
                    block("host-port", arg("host", STRING), arg("port", INTEGER)),
                    block("no-one", flag("no", "NO"), flag("one", "ONE"))))
            .summary("Makes this node the replica of another one, or a primary.")
            .complexity("O(1)");
    if (name.equals("slaveof")) {
      spec.deprecated("5.0.0", "`REPLICAOF`");
    }
    return spec.handler(this::replicaof);
  }

  private void replicaof(Invocation in) {
    if (failover.isActive()) {
      throw new CommandError("ERR REPLICAOF not allowed while failing over.");
    }
    if (in.is(1, "NO") && in.is(2, "ONE")) {
      if (replica.isReplica()) {
        replica.lead();
        env.log().notice("MASTER MODE enabled (user request from '" + lineOf(in.session()) + "')");
      }
      in.reply().ok();
      return;
    }
    if (primary.isReplica(in.session())) {
      throw new CommandError("ERR Command is not valid when client is a replica.");
    }
    String host = in.text(1);
    long port = in.integer(2, WRONG_PORT);
    if (port < 0 || port > 65535) {
      throw WRONG_PORT;
    }
    if (replica.isReplica() && replica.host().equalsIgnoreCase(host) && replica.port() == port) {
      env.log()
          .notice(
              "REPLICAOF would result into synchronization with the master we are already connected"
                  + " with. No operation performed.");
      replica.orderedAgain();
      in.reply().simple("OK Already connected to specified master");
      return;
    }
    replica.follow(host, (int) port);
    env.log()
        .notice(
            "REPLICAOF "
                + host
                + ":"
                + port
                + " enabled (user request from '"
                + lineOf(in.session())
                + "')");
    in.reply().ok();
  }

  // ---- ROLE

  private CommandSpec roleSpec() {
    return command("role")
        .group(CommandGroup.SERVER)
        .since("2.8.12")
        .arity(1)
        .flags(NOSCRIPT, LOADING, STALE, FAST)
        .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
        .summary("Returns the role of this node in replication.")
        .complexity("O(1)")
        .handler(this::role);
  }

  private void role(Invocation in) {
    ReplyWriter reply = in.reply();
    if (replica.isReplica()) {
      reply.array(5);
      reply.bulk("slave");
      reply.bulk(replica.host());
      reply.integer(replica.port());
      reply.bulk(replica.state().wireName());
      reply.integer(replica.isConnected() ? primary.stream().offset() : -1);
      return;
    }
    List<Replica> online = primary.replicas().stream().filter(Replica::isOnline).toList();
    reply.array(3);
    reply.bulk("master");
    reply.integer(primary.stream().offset());
    reply.array(online.size());
    for (Replica each : online) {
      reply.array(3);
      reply.bulk(each.address());
      reply.bulk(Integer.toString(each.listeningPort));
      reply.bulk(Long.toString(each.acknowledgedOffset));
    }
  }

  // ---- WAIT

  private CommandSpec waitSpec() {
    return command("wait")
        .group(CommandGroup.GENERIC)
        .since("3.0.0")
        .arity(3)
        .flags(NOSCRIPT, BARRIER)
        .categories(AclCategory.CONNECTION)
        .arguments(arg("numreplicas", INTEGER), arg("timeout", INTEGER))
        .tips("request_policy:all_shards", "response_policy:agg_min")
        .summary("Waits until so many replicas have acknowledged the writes of this connection.")
        .complexity("O(1)")
        .handler(this::waitForReplicas);
  }

  private void waitForReplicas(Invocation in) {
    if (replica.isReplica()) {
      throw new CommandError(
          "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if"
              + " a replica is configured to be writable (which is not the default) writes to"
              + " replicas are just local and are not propagated.");
    }
    long wanted = in.integer(1);
    long timeoutMs =
        in.integer(2, new CommandError("ERR timeout is not an integer or out of range"));
    if (timeoutMs < 0) {
      throw new CommandError("ERR timeout is negative");
    }
    long offset = primary.stream().offset();
    int acknowledged = primary.acknowledgedBy(offset);
    if (acknowledged >= wanted || in.session().inTransaction()) {
      in.reply().integer(acknowledged);
    } else {
      primary.waiting().add(in.session(), offset, wanted, timeoutMs);
    }
  }

  // ---- FAILOVER

  private CommandSpec failoverSpec() {
    return command("failover")
        .group(CommandGroup.SERVER)
        .since("6.2.0")
        .arity(-1)
        .flags(ADMIN, NOSCRIPT, STALE)
        .arguments(
            block(
                    "target",
                    arg("host", STRING),
                    arg("port", INTEGER),
                    flag("force", "FORCE").optional())
                .token("TO")
                .optional(),
            flag("abort", "ABORT").optional(),
            arg("milliseconds", INTEGER).token("TIMEOUT").optional())
        .summary("Hands the role of primary over to a replica, with no write lost.")
        .complexity("O(1)")
        .handler(this::failover);
  }

  private void failover(Invocation in) {
    if (in.count() == 2 && in.is(1, "ABORT")) {
      if (!failover.isActive()) {
        throw new CommandError("ERR No failover in progress.");
      }
      failover.abort("Failover manually aborted");
      in.reply().ok();
      return;
    }
    long timeoutMs = 0;
    boolean force = false;
    String host = null;
    long port = 0;
    for (int i = 1; i < in.count(); i++) {
      if (in.is(i, "TIMEOUT") && i + 1 < in.count() && timeoutMs == 0) {
        timeoutMs = in.integer(++i);
        if (timeoutMs <= 0) {
          throw new CommandError("ERR FAILOVER timeout must be greater than 0");
        }
      } else if (in.is(i, "TO") && i + 2 < in.count() && host == null) {
        host = in.text(i + 1);
        port = in.integer(i + 2);
        i += 2;
      } else if (in.is(i, "FORCE") && !force) {
        force = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    failover.request(host, (int) port, force, timeoutMs);
    in.reply().ok();
  }
}
