package io.vigil.core.command.data.hash;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.HashValues;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands that set, get and remove fields of hashes. */
public final class HashCommands {
  private HashCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(
        HSET, HMSET, HSETNX, HDEL, HGET, HMGET, HGETALL, HKEYS, HVALS, HEXISTS, HLEN, HSTRLEN);
  }

  /** The hash at the key for reading, 0 for none. */
  static long lookup(DataInvocation call) {
    return call.require(call.database().lookupRead(call.arguments(), 1), ValueType.HASH);
  }

  /** The hash at the key for a change, 0 for none. */
  static long lookupWrite(DataInvocation call) {
    return call.require(call.database().lookupWrite(call.arguments(), 1), ValueType.HASH);
  }

  /** The hash at the key for a change; an empty one is made where there is none. */
  static long lookupOrCreate(DataInvocation call) {
    long record = lookupWrite(call);
    return record != 0 ? record : call.database().hashes().create(call.arguments(), 1);
  }

  static void changed(DataInvocation call, String event, long changes) {
    call.modified(1);
    call.event(NotifyClass.HASH, event, 1);
    call.dirty(changes);
  }

  // ---- Setting ----

  static final CommandSpec HSET =
      command("hset")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).rw().update())
          .history("4.0.0", "Takes any number of fields with their values.")
          .arguments(
              keyArg("key"),
              block("field_value", arg("field", Type.STRING), arg("value", Type.STRING)).multiple())
          .summary("Sets fields of a hash; a missing key becomes one.")
          .complexity("O(1) for each field, so O(N) for N fields of one call.")
          .handler((DataInvocation call) -> set(call));

  static void set(DataInvocation call) {
    call.reply().integer(setFields(call));
  }

  /** Sets all fields that the command names; returns how many of them are new. */
  private static long setFields(DataInvocation call) {
    if (call.count() % 2 != 0) {
      throw call.wrongArity();
    }
    HashValues hashes = call.database().hashes();
    long record = lookupOrCreate(call);
    long added = 0;
    for (int i = 2; i < call.count(); i += 2) {
      record = hashes.put(record, call.arguments(), i, i + 1);
      added += hashes.added() ? 1 : 0;
    }
    changed(call, "hset", (call.count() - 2) / 2);
    return added;
  }

  static final CommandSpec HMSET =
      command("hmset")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).rw().update())
          .deprecated("4.0.0", "`HSET` with multiple field-value pairs")
          .arguments(
              keyArg("key"),
              block("field_value", arg("field", Type.STRING), arg("value", Type.STRING)).multiple())
          .summary("Sets fields of a hash and answers OK.")
          .complexity("O(N) where N is the number of fields being set.")
          .handler((DataInvocation call) -> setMany(call));

  static void setMany(DataInvocation call) {
    setFields(call);
    call.reply().ok();
  }

  static final CommandSpec HSETNX =
      command("hsetnx")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).rw().insert())
          .arguments(keyArg("key"), arg("field", Type.STRING), arg("value", Type.STRING))
          .summary("Sets a field of a hash unless it is there.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> setNew(call));

  static void setNew(DataInvocation call) {
    HashValues hashes = call.database().hashes();
    long record = lookupWrite(call);
    if (record != 0 && hashes.get(record, call.arguments(), 2) != null) {
      call.reply().integer(0);
      return;
    }
    if (record == 0) {
      record = hashes.create(call.arguments(), 1);
    }
    hashes.put(record, call.arguments(), 2, 3);
    changed(call, "hset", 1);
    call.reply().integer(1);
  }

  static final CommandSpec HDEL =
      command("hdel")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).rw().delete())
          .history("2.4.0", "Takes any number of fields.")
          .arguments(keyArg("key"), arg("field", Type.STRING).multiple())
          .summary("Removes fields of a hash, and the key with the last one.")
          .complexity("O(N) where N is the number of fields to be removed.")
          .handler((DataInvocation call) -> remove(call));

  static void remove(DataInvocation call) {
    HashValues hashes = call.database().hashes();
    long record = lookupWrite(call);
    long removed = 0;
    for (int i = 2; i < call.count() && record != 0; i++) {
      if (hashes.remove(record, call.arguments(), i)) {
        removed++;
      }
      record = hashes.record();
    }
    if (removed > 0) {
      changed(call, "hdel", removed);
      if (record == 0) {
        call.event(NotifyClass.GENERIC, "del", 1);
      }
    }
    call.reply().integer(removed);
  }

  // ---- Getting ----

  static final CommandSpec HGET =
      command("hget")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("field", Type.STRING))
          .summary("Returns the value of a field of a hash.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> get(call));

  static void get(DataInvocation call) {
    replyValue(call, lookup(call), 2);
  }

  private static void replyValue(DataInvocation call, long record, int field) {
    Item value = record == 0 ? null : call.database().hashes().get(record, call.arguments(), field);
    if (value == null) {
      call.reply().nil();
    } else {
      value.writeTo(call.reply());
    }
  }

  static final CommandSpec HMGET =
      command("hmget")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("field", Type.STRING).multiple())
          .summary("Returns the values of several fields of a hash.")
          .complexity("O(N) where N is the number of fields being requested.")
          .handler((DataInvocation call) -> getMany(call));

  static void getMany(DataInvocation call) {
    long record = lookup(call);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      replyValue(call, record, i);
    }
  }

  static final CommandSpec HGETALL =
      command("hgetall")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.HASH)
          .tips("nondeterministic_output_order")
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns all fields of a hash with their values.")
          .complexity("O(N) where N is the size of the hash.")
          .handler((DataInvocation call) -> getAll(call));

  static void getAll(DataInvocation call) {
    long record = lookup(call);
    call.reply().map(record == 0 ? 0 : call.database().hashes().count(record));
    replyAll(call, record, ItemParts.BOTH);
  }

  private static void replyAll(DataInvocation call, long record, ItemParts parts) {
    if (record != 0) {
      call.database().hashes().walk(record, parts, item -> item.writeTo(call.reply()));
    }
  }

  static final CommandSpec HKEYS =
      command("hkeys")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.HASH)
          .tips("nondeterministic_output_order")
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns all fields of a hash.")
          .complexity("O(N) where N is the size of the hash.")
          .handler((DataInvocation call) -> replyParts(call, ItemParts.FIRST));

  static void replyParts(DataInvocation call, ItemParts parts) {
    long record = lookup(call);
    call.reply().array(record == 0 ? 0 : call.database().hashes().count(record));
    replyAll(call, record, parts);
  }

  static final CommandSpec HVALS =
      command("hvals")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.HASH)
          .tips("nondeterministic_output_order")
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns all values of a hash.")
          .complexity("O(N) where N is the size of the hash.")
          .handler((DataInvocation call) -> replyParts(call, ItemParts.SECOND));

  static final CommandSpec HEXISTS =
      command("hexists")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).ro())
          .arguments(keyArg("key"), arg("field", Type.STRING))
          .summary("Tells whether a hash has a field.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> exists(call));

  static void exists(DataInvocation call) {
    long record = lookup(call);
    Arguments words = call.arguments();
    boolean found = record != 0 && call.database().hashes().get(record, words, 2) != null;
    call.reply().integer(found ? 1 : 0);
  }

  static final CommandSpec HLEN =
      command("hlen")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).ro())
          .arguments(keyArg("key"))
          .summary("Returns the number of fields of a hash.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> length(call));

  static void length(DataInvocation call) {
    long record = lookup(call);
    call.reply().integer(record == 0 ? 0 : call.database().hashes().count(record));
  }

  static final CommandSpec HSTRLEN =
      command("hstrlen")
          .group(CommandGroup.HASH)
          .since("3.2.0")
          .arity(3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).ro())
          .arguments(keyArg("key"), arg("field", Type.STRING))
          .summary("Returns the length of the value of a field of a hash.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> valueLength(call));

  static void valueLength(DataInvocation call) {
    long record = lookup(call);
    Item value = record == 0 ? null : call.database().hashes().get(record, call.arguments(), 2);
    call.reply().integer(value == null ? 0 : value.length());
  }
}
