package io.vigil.core.spec;

import static io.vigil.core.spec.KeySpec.key;
import static io.vigil.core.spec.KeySpec.keyword;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.base.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  private static CommandSpec spec(String name, int arity, KeySpec... keys) {
    return CommandSpec.command(name).arity(arity).keys(keys).handler(context -> {});
  }

  private static CommandTable table(CommandSpec... specs) {
    CommandTable table = new CommandTable(List.of());
    table.addAll(List.of(specs));
    return table;
  }

  private static List<Integer> keys(CommandSpec spec, String... words) {
    KeyPositions positions = new KeyPositions();
    Command command = table(spec).named(spec.name());
    if (!command.findKeys(Arguments.of(words), 0, positions)) {
      return null;
    }
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < positions.count(); i++) {
      result.add(positions.position(i));
    }
    return result;
  }

  @Test
  void findsCommandsInAnyCaseAndOnlyWhole() {
    CommandTable table = table(spec("get", 2), spec("getset", 3), spec("set", -3));
    assertThat(table.find(Arguments.of("GeT", "x"), 0).fullName()).isEqualTo("get");
    assertThat(table.find(Arguments.of("getset"), 0).fullName()).isEqualTo("getset");
    assertThat(table.find(Arguments.of("ge"), 0)).isNull();
    assertThat(table.find(Arguments.of("gets"), 0)).isNull();
    assertThat(table.find(Arguments.of(""), 0)).isNull();
    // Bit 5 is what the hash ignores; comparison must not.
    assertThat(table.find(Arguments.of("\u0007ET"), 0)).isNull();
  }

  @Test
  void findsSubcommandsAndFallsBackToTheContainerAlone() {
    CommandSpec config =
        CommandSpec.command("config").arity(-2).container(spec("get", -3), spec("set", -4));
    CommandTable table = table(config);
    assertThat(table.find(Arguments.of("config", "GET", "x"), 0).fullName())
        .isEqualTo("config|get");
    assertThat(table.find(Arguments.of("config"), 0).fullName()).isEqualTo("config");
    assertThat(table.find(Arguments.of("config", "nope"), 0)).isNull();
    assertThat(table.named("CONFIG|SET").id()).isEqualTo(2);
  }

  @Test
  void renamesAndRemoves() {
    CommandTable table = table(spec("get", 2), spec("set", -3));
    table.rename("GET", "Fetch");
    table.rename("set", "");
    assertThat(table.find(Arguments.of("get"), 0)).isNull();
    assertThat(table.find(Arguments.of("FETCH"), 0).fullName()).isEqualTo("get");
    assertThat(table.find(Arguments.of("set"), 0)).isNull();
    assertThat(table.size()).isEqualTo(1);
    assertThatThrownBy(() -> table.rename("set", "x")).hasMessageContaining("No such command");
  }

  @Test
  void refusesTwoDeclarationsOfOneName() {
    assertThatThrownBy(() -> table(spec("get", 2), spec("get", 2)))
        .hasMessageContaining("'get' is declared twice");
  }

  @Test
  void arityIsExactOrAtLeast() {
    CommandTable table = table(spec("get", 2), spec("set", -3));
    assertThat(table.named("get").acceptsCount(2)).isTrue();
    assertThat(table.named("get").acceptsCount(3)).isFalse();
    assertThat(table.named("set").acceptsCount(2)).isFalse();
    assertThat(table.named("set").acceptsCount(9)).isTrue();
  }

  @Test
  void findsKeysByIndexRangeKeywordAndCount() {
    assertThat(keys(spec("get", 2, key(1)), "get", "a")).containsExactly(1);
    assertThat(keys(spec("del", -2, key(1).range(-1, 1, 0)), "del", "a", "b", "c"))
        .containsExactly(1, 2, 3);
    assertThat(keys(spec("mset", -3, key(1).range(-1, 2, 0)), "mset", "a", "1", "b", "2"))
        .containsExactly(1, 3);
    CommandSpec xread = spec("xread", -4, keyword("STREAMS", 1).range(-1, 1, 2));
    assertThat(keys(xread, "xread", "COUNT", "1", "streams", "a", "b", "0", "0"))
        .containsExactly(4, 5);
    CommandSpec counted = spec("lmpop", -4, key(1).keynum(0, 1, 1));
    assertThat(keys(counted, "lmpop", "2", "a", "b", "LEFT")).containsExactly(2, 3);
    assertThat(keys(counted, "lmpop", "9", "a", "b", "LEFT")).isNull();
    assertThat(keys(counted, "lmpop", "x", "a", "b", "LEFT")).isNull();
    CommandSpec migrate =
        spec("migrate", -6, key(3), keyword("KEYS", -2).range(-1, 1, 0).incomplete());
    assertThat(keys(migrate, "migrate", "h", "p", "k", "0", "9")).isNull();
  }

  @Test
  void keyRangeOfOldClients() {
    assertThat(spec("get", 2, key(1).ro()).keyRange()).isEqualTo(new KeyRange(1, 1, 1, false));
    assertThat(spec("del", 2, key(1).range(-1, 1, 0)).keyRange())
        .isEqualTo(new KeyRange(1, -1, 1, false));
    assertThat(spec("copy", 3, key(1).ro(), key(2).ow()).keyRange())
        .isEqualTo(new KeyRange(1, 2, 1, false));
    assertThat(spec("ping", -1).keyRange()).isEqualTo(new KeyRange(0, 0, 0, false));
    CommandSpec counted = spec("lmpop", -4, key(1).keynum(0, 1, 1));
    assertThat(counted.keyRange()).isEqualTo(new KeyRange(0, 0, 0, true));
    assertThat(counted.has(CommandFlag.MOVABLEKEYS)).isTrue();
  }

  @Test
  void categoriesFollowFromFlags() {
    CommandSpec get =
        CommandSpec.command("get")
            .arity(2)
            .flags(CommandFlag.READONLY, CommandFlag.FAST)
            .categories(AclCategory.STRING)
            .handler(context -> {});
    long expected = AclCategory.READ.mask() | AclCategory.STRING.mask() | AclCategory.FAST.mask();
    assertThat(get.categories()).isEqualTo(expected);
    CommandSpec save =
        CommandSpec.command("save").arity(1).flags(CommandFlag.ADMIN).handler(context -> {});
    assertThat(save.categories())
        .isEqualTo(
            AclCategory.ADMIN.mask() | AclCategory.DANGEROUS.mask() | AclCategory.SLOW.mask());
  }
}
