package io.vigil.core.node;

import io.vigil.core.command.data.TransactionCommands;
import io.vigil.core.command.data.bitmap.BitCommands;
import io.vigil.core.command.data.bitmap.BitFieldCommands;
import io.vigil.core.command.data.generic.DatabaseCommands;
import io.vigil.core.command.data.generic.ExpiryCommands;
import io.vigil.core.command.data.generic.KeyCommands;
import io.vigil.core.command.data.generic.MemoryCommands;
import io.vigil.core.command.data.generic.ObjectCommands;
import io.vigil.core.command.data.generic.ScanCommands;
import io.vigil.core.command.data.hash.HashCommands;
import io.vigil.core.command.data.hash.HashNumberCommands;
import io.vigil.core.command.data.hash.HashWalkCommands;
import io.vigil.core.command.data.hll.HyperLogLogCommands;
import io.vigil.core.command.data.list.ListCommands;
import io.vigil.core.command.data.list.ListMoveCommands;
import io.vigil.core.command.data.list.ListSearchCommand;
import io.vigil.core.command.data.set.SetAlgebraCommands;
import io.vigil.core.command.data.set.SetCommands;
import io.vigil.core.command.data.set.SetRandomCommands;
import io.vigil.core.command.data.string.CounterCommands;
import io.vigil.core.command.data.string.LcsCommand;
import io.vigil.core.command.data.string.RangeCommands;
import io.vigil.core.command.data.string.StringCommands;
import io.vigil.core.command.data.zset.GeoCommands;
import io.vigil.core.command.data.zset.ZsetAlgebraCommands;
import io.vigil.core.command.data.zset.ZsetCommands;
import io.vigil.core.command.data.zset.ZsetPopCommands;
import io.vigil.core.command.data.zset.ZsetRangeCommands;
import io.vigil.core.command.data.zset.ZsetWalkCommands;
import io.vigil.core.spec.CommandSpec;
import java.util.List;
import java.util.stream.Stream;

/** The commands on data of a server, family by family. */
final class DataCommands {
  private DataCommands() {}

  static List<CommandSpec> all() {
    return Stream.of(
            TransactionCommands.all(),
            StringCommands.all(),
            RangeCommands.all(),
            CounterCommands.all(),
            LcsCommand.all(),
            ListCommands.all(),
            ListSearchCommand.all(),
            ListMoveCommands.all(),
            SetCommands.all(),
            SetRandomCommands.all(),
            SetAlgebraCommands.all(),
            HashCommands.all(),
            HashNumberCommands.all(),
            HashWalkCommands.all(),
            BitCommands.all(),
            BitFieldCommands.all(),
            HyperLogLogCommands.all(),
            ZsetCommands.all(),
            GeoCommands.all(),
            ZsetRangeCommands.all(),
            ZsetPopCommands.all(),
            ZsetAlgebraCommands.all(),
            ZsetWalkCommands.all(),
            KeyCommands.all(),
            ScanCommands.all(),
            ExpiryCommands.all(),
            ObjectCommands.all(),
            MemoryCommands.all(),
            DatabaseCommands.all())
        .flatMap(List::stream)
        .toList();
  }
}
