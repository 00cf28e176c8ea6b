package io.vigil.core.command.data.hash;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.ByteString;
import io.vigil.core.base.Rng;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.RandomChoice;
import io.vigil.core.command.data.ScanArguments;
import io.vigil.core.keyspace.HashValues;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands that walk through hashes, and those that leave the choice of fields to chance. */
public final class HashWalkCommands {
  /** Where so many times the fields asked for are more than there are, all are walked over. */
  private static final int WALK_FACTOR = 3;

  private static final long MOST_WITH_VALUES = Long.MAX_VALUE / 2;

  private HashWalkCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(HSCAN, HRANDFIELD);
  }

  static final CommandSpec HSCAN =
      command("hscan")
          .group(CommandGroup.HASH)
          .since("2.8.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.HASH)
          .tips("nondeterministic_output")
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              arg("cursor", Type.INTEGER),
              arg("pattern", Type.PATTERN).token("MATCH").optional(),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary("Walks through the fields of a hash, with their values, step by step.")
          .complexity(
              "O(1) for every call. O(N) for a complete iteration, including enough command calls"
                  + " for the cursor to return back to 0. N is the number of elements inside the"
                  + " collection.")
          .handler((DataInvocation call) -> scan(call));

  static void scan(DataInvocation call) {
    long cursor = ScanArguments.cursor(call, 2);
    long record = HashCommands.lookup(call);
    if (record == 0) {
      ScanArguments.replyEmpty(call);
      return;
    }
    ScanArguments options = ScanArguments.of(call, 3);
    ReplyWriter reply = call.reply();
    reply.array(2);
    // The cursor stands before what it is known after.
    List<byte[]> found = new ArrayList<>();
    long next =
        call.database()
            .hashes()
            .scan(
                record,
                cursor,
                options.count(),
                (field, value) -> {
                  if (options.matches(field)) {
                    found.add(field.bytes());
                    found.add(value.bytes());
                  }
                });
    reply.bulk(Long.toUnsignedString(next));
    reply.array(found.size());
    found.forEach(reply::bulk);
  }

  static final CommandSpec HRANDFIELD =
      command("hrandfield")
          .group(CommandGroup.HASH)
          .since("6.2.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.HASH)
          .tips("nondeterministic_output")
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              block(
                      "options",
                      arg("count", Type.INTEGER),
                      flag("withvalues", "WITHVALUES").optional())
                  .optional())
          .summary("Returns fields of a hash chosen by chance.")
          .complexity("O(N) where N is the number of fields returned")
          .handler((DataInvocation call) -> random(call));

  static void random(DataInvocation call) {
    if (call.count() == 2) {
      long record = HashCommands.lookup(call);
      if (record == 0) {
        call.reply().nil();
      } else {
        call.database()
            .hashes()
            .random(record, call.rng(), (field, value) -> field.writeTo(call.reply()));
      }
      return;
    }
    long count = call.integer(2);
    if (count == Long.MIN_VALUE) {
      throw new CommandError(
          "ERR value is out of range, value must between -9223372036854775807"
              + " and 9223372036854775807");
    }
    boolean withValues = call.count() == 4 && call.is(3, "WITHVALUES");
    if (call.count() > 3 && !withValues) {
      throw CommandError.SYNTAX;
    }
    if (withValues && (count < -MOST_WITH_VALUES || count > MOST_WITH_VALUES)) {
      throw new CommandError("ERR value is out of range");
    }
    long record = HashCommands.lookup(call);
    if (record == 0 || count == 0) {
      call.reply().emptyArray();
    } else if (count < 0) {
      withRepeats(call, record, -count, withValues);
    } else {
      different(call, record, count, withValues);
    }
  }

  private static void header(DataInvocation call, long count, boolean withValues) {
    boolean flat = withValues && call.reply().protocol() == 2;
    call.reply().array(flat ? 2 * count : count);
  }

  private static void pair(DataInvocation call, boolean withValues, Item field, Item value) {
    if (withValues && call.reply().protocol() > 2) {
      call.reply().array(2);
    }
    field.writeTo(call.reply());
    if (withValues) {
      value.writeTo(call.reply());
    }
  }

  private static void withRepeats(
      DataInvocation call, long record, long count, boolean withValues) {
    header(call, count, withValues);
    HashValues hashes = call.database().hashes();
    Rng rng = call.rng();
    for (long i = 0; i < count && !call.session().isClosing(); i++) {
      hashes.random(record, rng, (field, value) -> pair(call, withValues, field, value));
    }
  }

  private static void different(DataInvocation call, long record, long count, boolean withValues) {
    HashValues hashes = call.database().hashes();
    long size = hashes.count(record);
    long wanted = Math.min(count, size);
    header(call, wanted, withValues);
    if (hashes.isSmall(record) || wanted * WALK_FACTOR > size) {
      choose(call, record, new RandomChoice(call.rng(), wanted, size), withValues);
      return;
    }
    Set<ByteString> seen = new HashSet<>();
    Rng rng = call.rng();
    while (seen.size() < wanted) {
      hashes.random(
          record,
          rng,
          (field, value) -> {
            if (seen.add(ByteString.wrap(field.bytes()))) {
              pair(call, withValues, field, value);
            }
          });
    }
  }

  private static void choose(
      DataInvocation call, long record, RandomChoice choice, boolean withValues) {
    boolean[] state = {false, true};
    ReplyWriter reply = call.reply();
    call.database()
        .hashes()
        .walk(
            record,
            ItemParts.BOTH,
            item -> {
              boolean isField = state[1];
              state[1] = !isField;
              if (isField) {
                state[0] = choice.next();
              }
              if (!state[0] || !isField && !withValues) {
                return;
              }
              if (isField && withValues && reply.protocol() > 2) {
                reply.array(2);
              }
              item.writeTo(reply);
            });
  }
}
