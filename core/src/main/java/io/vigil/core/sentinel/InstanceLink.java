package io.vigil.core.sentinel;

import io.vigil.core.resp.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections to one process: one for commands and, to a data node, one that listens to hello
 * messages. Several monitored groups that share a Sentinel share its link.
 *
 * <p>It also keeps what says whether the process lives: when it was last pinged, and when it last
 * gave a valid answer.
 */
final class InstanceLink {
  private final Sentinel sentinel;
  private final boolean withSubscription;
  private final List<Instance> users = new ArrayList<>();

  private Peer commands;
  private Peer subscription;
  private boolean commandsOpen;
  private boolean subscriptionOpen;
  int pendingCommands;
  private long commandsSinceMs;
  private long subscriptionSinceMs;
  private long lastConnectMs = Long.MIN_VALUE / 2;
  private long subscriptionActivityMs;

  /**
   * When the oldest unanswered PING was sent; 0 when none is owed. Starts now: a node never reached
   * is silent too.
   */
  long activePingMs;

  long lastPingMs;
  long lastAvailableMs;
  long lastPongMs;

  InstanceLink(Sentinel sentinel, Instance first, boolean withSubscription) {
    this.sentinel = sentinel;
    this.withSubscription = withSubscription;
    long nowMs = sentinel.nowMs();
    activePingMs = nowMs;
    lastAvailableMs = nowMs;
    lastPongMs = nowMs;
    users.add(first);
  }

  int userCount() {
    return users.size();
  }

  void share(Instance user) {
    users.add(user);
  }

  /** One user leaves; the last one closes the connections. */
  void release(Instance user) {
    users.remove(user);
    if (users.isEmpty()) {
      drop();
    }
  }

  boolean isConnected() {
    return commandsOpen && (!withSubscription || subscriptionOpen);
  }

  /** The address of this side of the command connection, which must be open. */
  String localHost() {
    String address = commands.localAddress();
    return address.substring(0, address.lastIndexOf(':')).replace("[", "").replace("]", "");
  }

  boolean canSend() {
    return commandsOpen && pendingCommands < 100 * users.size();
  }

  /**
   * Connects what is not connected, at most once a {@code pacePeriodMs}; returns when to try again.
   */
  void connect(Instance user, long nowMs, long pacePeriodMs, Deadline deadline) {
    boolean complete = commands != null && (!withSubscription || subscription != null);
    if (complete || user.address.port() == 0) {
      return;
    }
    if (nowMs - lastConnectMs < pacePeriodMs) {
      deadline.at(lastConnectMs + pacePeriodMs);
      return;
    }
    lastConnectMs = nowMs;
    if (commands == null) {
      commandsSinceMs = nowMs;
      commands = sentinel.connect(user.address, new CommandEvents(user));
    }
    if (withSubscription && subscription == null) {
      subscriptionSinceMs = nowMs;
      subscriptionActivityMs = nowMs;
      subscription = sentinel.connect(user.address, new SubscriptionEvents(user));
    }
    if (activePingMs == 0) {
      activePingMs = nowMs;
    }
  }

  /** Closes a connection that is up but brings nothing, so that it is made anew. */
  void closeStale(long nowMs, long downAfterMs, Timings timings) {
    if (commands != null
        && nowMs - commandsSinceMs > timings.minLinkReconnectPeriodMs
        && activePingMs != 0
        && nowMs - activePingMs > downAfterMs / 2
        && nowMs - lastPongMs > downAfterMs / 2) {
      closeCommands();
    }
    if (subscription != null
        && nowMs - subscriptionSinceMs > timings.minLinkReconnectPeriodMs
        && nowMs - subscriptionActivityMs > timings.publishPeriodMs * 3) {
      closeSubscription();
    }
  }

  /** Closes both connections; they are made again at the next step. */
  void drop() {
    closeCommands();
    closeSubscription();
    lastConnectMs = Long.MIN_VALUE / 2;
  }

  private void closeCommands() {
    if (commands != null) {
      commands.close();
    }
    forgetCommands();
  }

  private void forgetCommands() {
    commands = null;
    commandsOpen = false;
    pendingCommands = 0;
  }

  private void closeSubscription() {
    if (subscription != null) {
      subscription.close();
    }
    subscription = null;
    subscriptionOpen = false;
  }

  /** Sends on the command connection, which must be open. */
  void send(Peer.ReplyHandler handler, String... words) {
    pendingCommands++;
    commands.send(
        reply -> {
          pendingCommands--;
          handler.reply(reply);
        },
        words);
  }

  private void introduce(Peer peer, Instance user, String kind) {
    String[] auth = user.authentication();
    if (auth.length > 0) {
      peer.send(reply -> {}, auth);
    }
    String name = "sentinel-" + sentinel.myId().substring(0, 8) + "-" + kind;
    peer.send(reply -> tellRefusal(user, kind, reply), user.command("CLIENT"), "SETNAME", name);
  }

  /** A wrong or missing password shows at the first command; the instance will be held down. */
  private void tellRefusal(Instance user, String kind, Reply reply) {
    if (reply instanceof Reply.Failure failure
        && kind.equals("cmd")
        && (failure.code().equals("NOAUTH") || failure.code().equals("NOPERM"))) {
      sentinel
          .env()
          .log()
          .warning(
              user.describe()
                  + " refuses this Sentinel: "
                  + failure.text()
                  + " Check '"
                  + user.passwordDirective()
                  + "'.");
    }
  }

  private void stepUsers() {
    for (Instance user : List.copyOf(users)) {
      user.step();
    }
  }

  /** The command connection's events. */
  private final class CommandEvents implements Peer.Events {
    private final Instance opener;

    CommandEvents(Instance opener) {
      this.opener = opener;
    }

    @Override
    public void opened() {
      commandsOpen = true;
      introduce(commands, opener, "cmd");
      opener.sendPing();
      stepUsers();
    }

    @Override
    public void message(String channel, String payload) {}

    @Override
    public void closed(String reason) {
      forgetCommands();
      sentinel.events().debug("-cmd-link-reconnection", opener, reason);
      stepUsers();
    }
  }

  /** The events of the connection that listens to hello messages. */
  private final class SubscriptionEvents implements Peer.Events {
    private final Instance opener;

    SubscriptionEvents(Instance opener) {
      this.opener = opener;
    }

    @Override
    public void opened() {
      subscriptionOpen = true;
      introduce(subscription, opener, "pubsub");
      subscription.send(this::subscribed, opener.command("SUBSCRIBE"), HelloMessage.CHANNEL);
      stepUsers();
    }

    /** A link that may not listen, for want of the right password, is none: it is tried anew. */
    private void subscribed(Reply reply) {
      if (reply instanceof Reply.Failure failure) {
        closeSubscription();
        closed(failure.text());
      }
    }

    @Override
    public void message(String channel, String payload) {
      subscriptionActivityMs = sentinel.nowMs();
      sentinel.receivedHello(payload);
    }

    @Override
    public void closed(String reason) {
      subscription = null;
      subscriptionOpen = false;
      sentinel.events().debug("-pubsub-link-reconnection", opener, reason);
      stepUsers();
    }
  }
}
