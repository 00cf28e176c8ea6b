package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.PATTERN;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.FAST;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.MAY_REPLICATE;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.PUBSUB;
import static io.vigil.core.spec.CommandFlag.SENTINEL;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandFlag.WHILE_SUBSCRIBED;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.ByteString;
import io.vigil.core.pubsub.PubSub;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Publish and subscribe: channels, patterns, shard channels, and PUBSUB that looks at them. */
public final class PubSubCommands {
  private PubSubCommands() {}

  /** All commands of this file. */
  public static List<CommandSpec> all() {
    return List.of(
        SUBSCRIBE,
        PSUBSCRIBE,
        SSUBSCRIBE,
        UNSUBSCRIBE,
        PUNSUBSCRIBE,
        SUNSUBSCRIBE,
        PUBLISH,
        SPUBLISH,
        PUBSUB_CONTAINER);
  }

  public static final CommandSpec SUBSCRIBE =
      command("subscribe")
          .group(CommandGroup.PUBSUB)
          .since("2.0.0")
          .arity(-2)
          .flags(PUBSUB, NOSCRIPT, LOADING, STALE, SENTINEL, BARRIER, WHILE_SUBSCRIBED)
          .arguments(arg("channel", STRING).multiple())
          .summary("Starts to deliver the messages of some channels to this connection.")
          .complexity("O(N) where N is the number of channels named")
          .handler((Invocation in) -> subscribe(in, PubSub.Kind.CHANNEL));

  public static final CommandSpec PSUBSCRIBE =
      command("psubscribe")
          .group(CommandGroup.PUBSUB)
          .since("2.0.0")
          .arity(-2)
          .flags(PUBSUB, NOSCRIPT, LOADING, STALE, SENTINEL, BARRIER, WHILE_SUBSCRIBED)
          .arguments(block("pattern", arg("pattern", PATTERN)).multiple())
          .summary("Starts to deliver the messages of all channels that match some patterns.")
          .complexity("O(N) where N is the number of patterns named")
          .handler((Invocation in) -> subscribe(in, PubSub.Kind.PATTERN));

  public static final CommandSpec SSUBSCRIBE =
      command("ssubscribe")
          .group(CommandGroup.PUBSUB)
          .since("7.0.0")
          .arity(-2)
          .flags(PUBSUB, NOSCRIPT, LOADING, STALE, BARRIER, WHILE_SUBSCRIBED)
          .keys(key(1).range(-1, 1, 0).notKey())
          .arguments(arg("shardchannel", STRING).multiple())
          .summary("Starts to deliver the messages of some shard channels to this connection.")
          .complexity("O(N) where N is the number of shard channels named")
          .handler((Invocation in) -> subscribe(in, PubSub.Kind.SHARD_CHANNEL));

  private static void subscribe(Invocation in, PubSub.Kind kind) {
    for (int i = 1; i < in.count(); i++) {
      in.services().pubSub().subscribe(in.session(), kind, ByteString.copyOf(in.arguments(), i));
    }
  }

  public static final CommandSpec UNSUBSCRIBE =
      command("unsubscribe")
          .group(CommandGroup.PUBSUB)
          .since("2.0.0")
          .arity(-1)
          .flags(PUBSUB, NOSCRIPT, LOADING, STALE, SENTINEL, BARRIER, WHILE_SUBSCRIBED)
          .arguments(arg("channel", STRING).optional().multiple())
          .summary("Ends subscriptions to channels: those named, or all.")
          .complexity("O(N) where N is the number of channels given up")
          .handler((Invocation in) -> unsubscribe(in, PubSub.Kind.CHANNEL));

  public static final CommandSpec PUNSUBSCRIBE =
      command("punsubscribe")
          .group(CommandGroup.PUBSUB)
          .since("2.0.0")
          .arity(-1)
          .flags(PUBSUB, NOSCRIPT, LOADING, STALE, SENTINEL, BARRIER, WHILE_SUBSCRIBED)
          .arguments(arg("pattern", PATTERN).optional().multiple())
          .summary("Ends subscriptions to patterns: those named, or all.")
          .complexity("O(N) where N is the number of patterns given up")
          .handler((Invocation in) -> unsubscribe(in, PubSub.Kind.PATTERN));

  public static final CommandSpec SUNSUBSCRIBE =
      command("sunsubscribe")
          .group(CommandGroup.PUBSUB)
          .since("7.0.0")
          .arity(-1)
          .flags(PUBSUB, NOSCRIPT, LOADING, STALE, BARRIER, WHILE_SUBSCRIBED)
          .keys(key(1).range(-1, 1, 0).notKey())
          .arguments(arg("shardchannel", STRING).optional().multiple())
          .summary("Ends subscriptions to shard channels: those named, or all.")
          .complexity("O(N) where N is the number of shard channels given up")
          .handler((Invocation in) -> unsubscribe(in, PubSub.Kind.SHARD_CHANNEL));

  private static void unsubscribe(Invocation in, PubSub.Kind kind) {
    PubSub pubSub = in.services().pubSub();
    if (in.count() == 1) {
      pubSub.unsubscribeAll(in.session(), kind);
      return;
    }
    for (int i = 1; i < in.count(); i++) {
      pubSub.unsubscribe(in.session(), kind, ByteString.copyOf(in.arguments(), i));
    }
  }

  public static final CommandSpec PUBLISH =
      command("publish")
          .group(CommandGroup.PUBSUB)
          .since("2.0.0")
          .arity(3)
          .flags(PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE, SENTINEL)
          .arguments(arg("channel", STRING), arg("message", STRING))
          .summary("Delivers a message to everybody who listens to a channel.")
          .complexity("O(N+M) where N is the number of receivers and M of patterns in use")
          .handler(PubSubCommands::publish);

  private static void publish(Invocation in) {
    Arguments words = in.arguments();
    ByteString channel = ByteString.copyOf(words, 1);
    long receivers =
        in.services().pubSub().publish(channel, words.array(2), words.offset(2), words.length(2));
    in.forcePropagation();
    in.reply().integer(receivers);
  }

  public static final CommandSpec SPUBLISH =
      command("spublish")
          .group(CommandGroup.PUBSUB)
          .since("7.0.0")
          .arity(3)
          .flags(PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE)
          .keys(key(1).notKey())
          .arguments(arg("shardchannel", STRING), arg("message", STRING))
          .summary("Delivers a message to everybody who listens to a shard channel.")
          .complexity("O(N) where N is the number of receivers")
          .handler(PubSubCommands::publishToShard);

  private static void publishToShard(Invocation in) {
    Arguments words = in.arguments();
    ByteString channel = ByteString.copyOf(words, 1);
    long receivers =
        in.services()
            .pubSub()
            .publishToShard(channel, words.array(2), words.offset(2), words.length(2));
    in.forcePropagation();
    in.reply().integer(receivers);
  }

  private static final CommandSpec CHANNELS =
      command("channels")
          .group(CommandGroup.PUBSUB)
          .since("2.8.0")
          .arity(-2)
          .flags(PUBSUB, LOADING, STALE)
          .arguments(arg("pattern", PATTERN).optional())
          .summary("Names the channels that have subscribers.")
          .complexity("O(N) where N is the number of channels in use")
          .handler((Invocation in) -> channels(in, PubSub.Kind.CHANNEL));

  private static final CommandSpec SHARD_CHANNELS =
      command("shardchannels")
          .group(CommandGroup.PUBSUB)
          .since("7.0.0")
          .arity(-2)
          .flags(PUBSUB, LOADING, STALE)
          .arguments(arg("pattern", PATTERN).optional())
          .summary("Names the shard channels that have subscribers.")
          .complexity("O(N) where N is the number of shard channels in use")
          .handler((Invocation in) -> channels(in, PubSub.Kind.SHARD_CHANNEL));

  private static void channels(Invocation in, PubSub.Kind kind) {
    if (in.count() > 3) {
      throw in.subcommandSyntax();
    }
    ByteString pattern = in.count() == 3 ? ByteString.copyOf(in.arguments(), 2) : null;
    List<ByteString> names = in.services().pubSub().active(kind, pattern);
    in.reply().array(names.size());
    for (ByteString name : names) {
      in.reply().bulk(name.array());
    }
  }

  private static final CommandSpec NUMSUB =
      command("numsub")
          .group(CommandGroup.PUBSUB)
          .since("2.8.0")
          .arity(-2)
          .flags(PUBSUB, LOADING, STALE)
          .arguments(arg("channel", STRING).optional().multiple())
          .summary("Counts the subscribers of some channels, without those by pattern.")
          .complexity("O(N) where N is the number of channels named")
          .handler((Invocation in) -> subscribers(in, PubSub.Kind.CHANNEL));

  private static final CommandSpec SHARD_NUMSUB =
      command("shardnumsub")
          .group(CommandGroup.PUBSUB)
          .since("7.0.0")
          .arity(-2)
          .flags(PUBSUB, LOADING, STALE)
          .arguments(arg("shardchannel", STRING).optional().multiple())
          .summary("Counts the subscribers of some shard channels.")
          .complexity("O(N) where N is the number of shard channels named")
          .handler((Invocation in) -> subscribers(in, PubSub.Kind.SHARD_CHANNEL));

  private static void subscribers(Invocation in, PubSub.Kind kind) {
    ReplyWriter reply = in.reply();
    reply.array((in.count() - 2) * 2L);
    for (int i = 2; i < in.count(); i++) {
      ByteString name = ByteString.copyOf(in.arguments(), i);
      reply.bulk(name.array());
      reply.integer(in.services().pubSub().subscribers(kind, name));
    }
  }

  private static final CommandSpec NUMPAT =
      command("numpat")
          .group(CommandGroup.PUBSUB)
          .since("2.8.0")
          .arity(2)
          .flags(PUBSUB, LOADING, STALE)
          .summary("Counts the different patterns that are subscribed to.")
          .complexity("O(1)")
          .handler(
              (Invocation in) ->
                  in.reply().integer(in.services().pubSub().names(PubSub.Kind.PATTERN)));

  private static final CommandSpec PUBSUB_HELP =
      command("help")
          .group(CommandGroup.PUBSUB)
          .since("6.2.0")
          .arity(2)
          .flags(LOADING, STALE)
          .summary("Lists the subcommands.")
          .complexity("O(1)")
          .handler(PubSubCommands::help);

  private static void help(Invocation in) {
    Help.reply(
        in,
        List.of(
            "CHANNELS [<pattern>]",
            "    Return the currently active channels matching a <pattern> (default: '*').",
            "NUMPAT",
            "    Return number of subscriptions to patterns.",
            "NUMSUB [<channel> ...]",
            "    Return the number of subscribers for the specified channels, excluding",
            "    pattern subscriptions(default: no channels).",
            "SHARDCHANNELS [<pattern>]",
            "    Return the currently active shard level channels matching a <pattern> (default:"
                + " '*').",
            "SHARDNUMSUB [<shardchannel> ...]",
            "    Return the number of subscribers for the specified shard level channel(s)"));
  }

  public static final CommandSpec PUBSUB_CONTAINER =
      command("pubsub")
          .group(CommandGroup.PUBSUB)
          .since("2.8.0")
          .arity(-2)
          .summary("Looks at channels and their subscribers.")
          .complexity("Depends on the subcommand.")
          .container(CHANNELS, NUMPAT, NUMSUB, PUBSUB_HELP, SHARD_CHANNELS, SHARD_NUMSUB);
}
