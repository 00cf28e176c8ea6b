package io.vigil.core.command.common;

import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.KeyFlag;
import io.vigil.core.spec.KeySpec;
import java.util.ArrayList;
import java.util.List;

/** Writes declarations of commands in the forms of COMMAND INFO and COMMAND DOCS. */
final class CommandReplies {
  private final ReplyWriter reply;

  CommandReplies(ReplyWriter reply) {
    this.reply = reply;
  }

  /** One entry of COMMAND INFO; null for a command that does not exist. */
  void info(Command command) {
    if (command == null) {
      reply.nil();
      return;
    }
    CommandSpec spec = command.spec();
    reply.array(10);
    reply.bulk(command.fullName());
    reply.integer(spec.arity());
    words(flags(spec));
    reply.integer(spec.keyRange().first());
    reply.integer(spec.keyRange().last());
    reply.integer(spec.keyRange().step());
    words(categories(spec));
    reply.set(spec.tips().size());
    spec.tips().forEach(reply::bulk);
    reply.set(spec.keys().size());
    spec.keys().forEach(this::keySpec);
    if (command.isContainer()) {
      reply.array(command.subcommands().size());
      command.subcommands().forEach(this::info);
    } else {
      reply.set(0);
    }
  }

  private void words(List<String> words) {
    reply.set(words.size());
    words.forEach(reply::simple);
  }

  private static List<String> flags(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    for (CommandFlag flag : CommandFlag.values()) {
      if (spec.has(flag) && flag.wireName() != null) {
        names.add(flag.wireName());
      }
    }
    return names;
  }

  private static List<String> categories(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    for (AclCategory category : AclCategory.values()) {
      if ((spec.categories() & category.mask()) != 0) {
        names.add("@" + category.wireName());
      }
    }
    return names;
  }

  /** The names of a set of {@link KeyFlag} masks. */
  void keyFlags(int mask) {
    List<String> names = new ArrayList<>();
    for (KeyFlag flag : KeyFlag.values()) {
      if ((mask & flag.mask()) != 0) {
        names.add(flag.wireName());
      }
    }
    words(names);
  }

  private void keySpec(KeySpec key) {
    reply.map(key.notes() == null ? 3 : 4);
    if (key.notes() != null) {
      pair("notes", key.notes());
    }
    reply.bulk("flags");
    keyFlags(key.flags());
    reply.bulk("begin_search");
    reply.map(2);
    switch (key.begin()) {
      case INDEX -> {
        pair("type", "index");
        numbers("index", key.beginIndex());
      }
      case KEYWORD -> {
        pair("type", "keyword");
        reply.bulk("spec");
        reply.map(2);
        pair("keyword", key.beginKeyword());
        reply.bulk("startfrom");
        reply.integer(key.beginIndex());
      }
      case UNKNOWN -> {
        pair("type", "unknown");
        reply.bulk("spec");
        reply.map(0);
      }
    }
    reply.bulk("find_keys");
    reply.map(2);
    findKeys(key);
  }

  private void findKeys(KeySpec key) {
    switch (key.find()) {
      case RANGE -> {
        pair("type", "range");
        reply.bulk("spec");
        reply.map(3);
        triple(key, "lastkey", "keystep", "limit");
      }
      case KEYNUM -> {
        pair("type", "keynum");
        reply.bulk("spec");
        reply.map(3);
        triple(key, "keynumidx", "firstkey", "keystep");
      }
      case UNKNOWN -> {
        pair("type", "unknown");
        reply.bulk("spec");
        reply.map(0);
      }
    }
  }

  private void triple(KeySpec key, String first, String second, String third) {
    reply.bulk(first);
    reply.integer(key.findFirst());
    reply.bulk(second);
    reply.integer(key.findSecond());
    reply.bulk(third);
    reply.integer(key.findThird());
  }

  private void numbers(String name, long value) {
    reply.bulk("spec");
    reply.map(1);
    reply.bulk(name);
    reply.integer(value);
  }

  private void pair(String name, String value) {
    reply.bulk(name);
    reply.bulk(value);
  }

  /** The documentation of a command, without its name. */
  void docs(Command command) {
    CommandSpec spec = command.spec();
    reply.map(docsFields(command));
    optionalPair("summary", spec.summary());
    optionalPair("since", spec.since());
    pair("group", spec.group().wireName());
    optionalPair("complexity", spec.complexity());
    if (hasDocFlags(spec)) {
      List<String> names = new ArrayList<>();
      if (spec.deprecatedSince() != null) {
        names.add("deprecated");
      }
      if (spec.isSystemCommand()) {
        names.add("syscmd");
      }
      reply.bulk("doc_flags");
      words(names);
    }
    optionalPair("deprecated_since", spec.deprecatedSince());
    optionalPair("replaced_by", spec.replacedBy());
    if (!spec.history().isEmpty()) {
      reply.bulk("history");
      reply.set(spec.history().size());
      for (CommandSpec.Change change : spec.history()) {
        reply.array(2);
        reply.bulk(change.version());
        reply.bulk(change.text());
      }
    }
    if (!spec.arguments().isEmpty()) {
      reply.bulk("arguments");
      arguments(spec.arguments());
    }
    if (command.isContainer()) {
      reply.bulk("subcommands");
      reply.map(command.subcommands().size());
      for (Command sub : command.subcommands()) {
        reply.bulk(sub.fullName());
        docs(sub);
      }
    }
  }

  private static boolean hasDocFlags(CommandSpec spec) {
    return spec.deprecatedSince() != null || spec.isSystemCommand();
  }

  private static int docsFields(Command command) {
    CommandSpec spec = command.spec();
    return 1
        + one(spec.summary() != null)
        + one(spec.since() != null)
        + one(spec.complexity() != null)
        + one(hasDocFlags(spec))
        + one(spec.deprecatedSince() != null)
        + one(spec.replacedBy() != null)
        + one(!spec.history().isEmpty())
        + one(!spec.arguments().isEmpty())
        + one(command.isContainer());
  }

  private static int one(boolean present) {
    return present ? 1 : 0;
  }

  private void optionalPair(String name, String value) {
    if (value != null) {
      pair(name, value);
    }
  }

  private void arguments(List<ArgumentSpec> arguments) {
    reply.array(arguments.size());
    arguments.forEach(this::argument);
  }

  private void argument(ArgumentSpec argument) {
    boolean flagged = argument.isOptional() || argument.isMultiple();
    boolean group = !argument.parts().isEmpty();
    reply.map(
        2
            + one(argument.keySpecIndex() >= 0)
            + one(argument.tokenWord() != null)
            + one(argument.summaryText() != null)
            + one(argument.sinceVersion() != null)
            + one(argument.deprecatedSinceVersion() != null)
            + one(flagged)
            + one(group));
    pair("name", argument.name());
    pair("type", argument.type().wireName());
    if (argument.keySpecIndex() >= 0) {
      reply.bulk("key_spec_index");
      reply.integer(argument.keySpecIndex());
    }
    optionalPair("token", argument.tokenWord());
    optionalPair("summary", argument.summaryText());
    optionalPair("since", argument.sinceVersion());
    optionalPair("deprecated_since", argument.deprecatedSinceVersion());
    if (flagged) {
      reply.bulk("flags");
      argumentFlags(argument);
    }
    if (group) {
      reply.bulk("arguments");
      arguments(argument.parts());
    }
  }

  private void argumentFlags(ArgumentSpec argument) {
    List<String> names = new ArrayList<>();
    if (argument.isOptional()) {
      names.add("optional");
    }
    if (argument.isMultiple()) {
      names.add("multiple");
    }
    if (argument.isMultipleToken()) {
      names.add("multiple_token");
    }
    words(names);
  }
}
