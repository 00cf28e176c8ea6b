package io.vigil.core.command.data.zset;

import static io.vigil.core.command.data.Words.ascii;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;
import static io.vigil.core.spec.KeySpec.keyword;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.zset.Geohash.Point;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.KeyFlag;
import io.vigil.core.spec.KeyPositions;
import java.util.List;

/** Places on the globe: sorted sets whose scores are cells of a grid. */
public final class GeoCommands {
  private GeoCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(
        GEOADD,
        GEOPOS,
        GEODIST,
        GEOHASH,
        GEOSEARCH,
        GEOSEARCHSTORE,
        GEORADIUS,
        GEORADIUS_RO,
        GEORADIUSBYMEMBER,
        GEORADIUSBYMEMBER_RO);
  }

  /** Besides its first key, what stands behind the last STORE or STOREDIST. */
  private static boolean findKeysOfRadius(Arguments words, int base, KeyPositions result) {
    int stored = -1;
    for (int i = base + 5; i + 1 < words.count(); i++) {
      if (words.is(i, "STORE") || words.is(i, "STOREDIST")) {
        stored = ++i;
      }
    }
    result.add(base + 1, KeyFlag.RO.mask() | KeyFlag.ACCESS.mask());
    if (stored > 0) {
      result.add(stored, KeyFlag.OW.mask() | KeyFlag.UPDATE.mask());
    }
    return true;
  }

  static final CommandSpec GEOADD =
      command("geoadd")
          .group(CommandGroup.GEO)
          .since("3.2.0")
          .arity(-5)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.GEO)
          .keys(key(1).rw().update())
          .history("6.2.0", "Added the `CH`, `NX` and `XX` options.")
          .arguments(
              keyArg("key"),
              oneOf("condition", flag("nx", "NX"), flag("xx", "XX")).since("6.2.0").optional(),
              flag("change", "CH").since("6.2.0").optional(),
              block(
                      "longitude_latitude_member",
                      arg("longitude", Type.DOUBLE),
                      arg("latitude", Type.DOUBLE),
                      arg("member", Type.STRING))
                  .multiple())
          .summary("Adds places to a geospatial index, or moves them.")
          .complexity(
              "O(log(N)) for each item added, where N is the number of elements in the sorted set.")
          .handler((DataInvocation call) -> add(call));

  static void add(DataInvocation call) {
    AddOptions none = AddOptions.none();
    boolean onlyMissing = false;
    boolean onlyPresent = false;
    boolean changes = false;
    int first = none.firstPair();
    boolean option = true;
    while (option && first < call.count()) {
      if (call.is(first, "NX")) {
        onlyMissing = true;
      } else if (call.is(first, "XX")) {
        onlyPresent = true;
      } else if (call.is(first, "CH")) {
        changes = true;
      } else {
        option = false;
      }
      first += option ? 1 : 0;
    }
    int places = (call.count() - first) / 3;
    if ((call.count() - first) % 3 != 0 || onlyMissing && onlyPresent) {
      throw CommandError.SYNTAX;
    }
    double[] scores = new double[places];
    byte[][] words = new byte[first + 2 * places][];
    words[0] = ascii("zadd");
    for (int i = 1; i < first; i++) {
      words[i] = call.arguments().copy(i);
    }
    for (int i = 0; i < places; i++) {
      Point point = GeoSearch.point(call, first + 3 * i);
      scores[i] = Geohash.of(point, Geohash.PLACE_STEP).firstScore();
      words[first + 2 * i] = Numbers.longBytes((long) scores[i]);
      words[first + 2 * i + 1] = call.arguments().copy(first + 3 * i + 2);
    }
    if (places == 0) {
      throw CommandError.SYNTAX;
    }
    AddOptions options =
        new AddOptions(onlyMissing, onlyPresent, false, false, changes, false, first);
    ZsetCommands.add(call, first + 2, 3, scores, options);
    call.rewrite(words);
  }

  static final CommandSpec GEOPOS =
      command("geopos")
          .group(CommandGroup.GEO)
          .since("3.2.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.GEO)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Returns longitude and latitude of places.")
          .complexity("O(N) where N is the number of members requested.")
          .handler((DataInvocation call) -> positions(call));

  static void positions(DataInvocation call) {
    long record = Zsets.lookup(call, 1);
    call.reply().array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      double score = score(call, record, i);
      if (Double.isNaN(score)) {
        call.reply().nullArray();
      } else {
        GeoSearch.answerPoint(call, Geohash.ofScore(score).center());
      }
    }
  }

  private static double score(DataInvocation call, long record, int member) {
    return record == 0 ? Double.NaN : Zsets.values(call).score(record, call.arguments(), member);
  }

  static final CommandSpec GEODIST =
      command("geodist")
          .group(CommandGroup.GEO)
          .since("3.2.0")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.GEO)
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              arg("member1", Type.STRING),
              arg("member2", Type.STRING),
              oneOf("unit", flag("m", "m"), flag("km", "km"), flag("ft", "ft"), flag("mi", "mi"))
                  .optional())
          .summary("Returns the distance between two places.")
          .complexity("O(log(N))")
          .handler((DataInvocation call) -> distance(call));

  static void distance(DataInvocation call) {
    double unit = call.count() == 5 ? GeoSearch.unit(call, 4) : 1;
    if (call.count() > 5) {
      throw CommandError.SYNTAX;
    }
    long record = Zsets.lookup(call, 1);
    double one = score(call, record, 2);
    double other = score(call, record, 3);
    if (Double.isNaN(one) || Double.isNaN(other)) {
      call.reply().nil();
      return;
    }
    double metres =
        GeoShape.distance(Geohash.ofScore(one).center(), Geohash.ofScore(other).center());
    call.reply().bulk(GeoSearch.distanceText(metres / unit));
  }

  static final CommandSpec GEOHASH =
      command("geohash")
          .group(CommandGroup.GEO)
          .since("3.2.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.GEO)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Returns the geohash texts of places.")
          .complexity(
              "O(log(N)) for each member requested, where N is the number of elements in the sorted"
                  + " set.")
          .handler((DataInvocation call) -> texts(call));

  static void texts(DataInvocation call) {
    long record = Zsets.lookup(call, 1);
    call.reply().array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      double score = score(call, record, i);
      if (Double.isNaN(score)) {
        call.reply().nil();
      } else {
        call.reply().bulk(Geohash.ofScore(score).text());
      }
    }
  }

  static final CommandSpec GEOSEARCH =
      command("geosearch")
          .group(CommandGroup.GEO)
          .since("6.2.0")
          .arity(-7)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.GEO)
          .keys(key(1).ro().access())
          .history("7.0.0", "Added support for uppercase unit names.")
          .arguments(
              keyArg("key"),
              oneOf(
                  "from",
                  arg("member", Type.STRING).token("FROMMEMBER"),
                  block(
                          "longitude_latitude",
                          arg("longitude", Type.DOUBLE),
                          arg("latitude", Type.DOUBLE))
                      .token("FROMLONLAT")),
              oneOf(
                  "by",
                  block(
                      "circle",
                      arg("radius", Type.DOUBLE).token("BYRADIUS"),
                      oneOf(
                          "unit",
                          flag("m", "m"),
                          flag("km", "km"),
                          flag("ft", "ft"),
                          flag("mi", "mi"))),
                  block(
                      "box",
                      arg("width", Type.DOUBLE).token("BYBOX"),
                      arg("height", Type.DOUBLE),
                      oneOf(
                          "unit",
                          flag("m", "m"),
                          flag("km", "km"),
                          flag("ft", "ft"),
                          flag("mi", "mi")))),
              oneOf("order", flag("asc", "ASC"), flag("desc", "DESC")).optional(),
              block(
                      "count",
                      arg("count", Type.INTEGER).token("COUNT"),
                      flag("any", "ANY").optional())
                  .optional(),
              flag("withcoord", "WITHCOORD").optional(),
              flag("withdist", "WITHDIST").optional(),
              flag("withhash", "WITHHASH").optional())
          .summary("Returns the places within a circle or a box.")
          .complexity(
              "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area"
                  + " around the shape provided as the filter and M is the number of items inside"
                  + " the shape")
          .handler((DataInvocation call) -> GeoSearch.run(call, GeoSearch.Form.OPTIONS, false));

  static final CommandSpec GEOSEARCHSTORE =
      command("geosearchstore")
          .group(CommandGroup.GEO)
          .since("6.2.0")
          .arity(-8)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.GEO)
          .keys(key(1).ow().update(), key(2).ro().access())
          .history("7.0.0", "Added support for uppercase unit names.")
          .arguments(
              keyArg("destination"),
              keyArg("source").keySpec(1),
              oneOf(
                  "from",
                  arg("member", Type.STRING).token("FROMMEMBER"),
                  block(
                          "longitude_latitude",
                          arg("longitude", Type.DOUBLE),
                          arg("latitude", Type.DOUBLE))
                      .token("FROMLONLAT")),
              oneOf(
                  "by",
                  block(
                      "circle",
                      arg("radius", Type.DOUBLE).token("BYRADIUS"),
                      oneOf(
                          "unit",
                          flag("m", "m"),
                          flag("km", "km"),
                          flag("ft", "ft"),
                          flag("mi", "mi"))),
                  block(
                      "box",
                      arg("width", Type.DOUBLE).token("BYBOX"),
                      arg("height", Type.DOUBLE),
                      oneOf(
                          "unit",
                          flag("m", "m"),
                          flag("km", "km"),
                          flag("ft", "ft"),
                          flag("mi", "mi")))),
              oneOf("order", flag("asc", "ASC"), flag("desc", "DESC")).optional(),
              block(
                      "count",
                      arg("count", Type.INTEGER).token("COUNT"),
                      flag("any", "ANY").optional())
                  .optional(),
              flag("storedist", "STOREDIST").optional())
          .summary("Stores the places within a circle or a box as a sorted set.")
          .complexity(
              "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area"
                  + " around the shape provided as the filter and M is the number of items inside"
                  + " the shape")
          .handler(
              (DataInvocation call) -> GeoSearch.run(call, GeoSearch.Form.OPTIONS_STORE, true));

  static final CommandSpec GEORADIUS =
      command("georadius")
          .group(CommandGroup.GEO)
          .since("3.2.0")
          .arity(-6)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.GEO)
          .keys(
              key(1).ro().access(),
              keyword("STORE", 6).ow().update(),
              keyword("STOREDIST", 6).ow().update())
          .deprecated("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument")
          .history("6.2.0", "Added the `ANY` option for `COUNT`.")
          .history("7.0.0", "Added support for uppercase unit names.")
          .keyFinder(GeoCommands::findKeysOfRadius)
          .arguments(
              keyArg("key"),
              arg("longitude", Type.DOUBLE),
              arg("latitude", Type.DOUBLE),
              arg("radius", Type.DOUBLE),
              oneOf("unit", flag("m", "m"), flag("km", "km"), flag("ft", "ft"), flag("mi", "mi")),
              flag("withcoord", "WITHCOORD").optional(),
              flag("withdist", "WITHDIST").optional(),
              flag("withhash", "WITHHASH").optional(),
              block(
                      "count",
                      arg("count", Type.INTEGER).token("COUNT"),
                      flag("any", "ANY").since("6.2.0").optional())
                  .optional(),
              oneOf("order", flag("asc", "ASC"), flag("desc", "DESC")).optional(),
              keyArg("key").keySpec(1).token("STORE").optional(),
              keyArg("key").keySpec(2).token("STOREDIST").optional())
          .summary("Returns the places within a circle around a point, and stores them if asked.")
          .complexity(
              "O(N+log(M)) where N is the number of elements inside the bounding box of the"
                  + " circular area delimited by center and radius and M is the number of items"
                  + " inside the index.")
          .handler((DataInvocation call) -> GeoSearch.run(call, GeoSearch.Form.POINT, true));

  static final CommandSpec GEORADIUS_RO =
      command("georadius_ro")
          .group(CommandGroup.GEO)
          .since("3.2.10")
          .arity(-6)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.GEO)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument")
          .history("6.2.0", "Added the `ANY` option for `COUNT`.")
          .arguments(
              keyArg("key"),
              arg("longitude", Type.DOUBLE),
              arg("latitude", Type.DOUBLE),
              arg("radius", Type.DOUBLE),
              oneOf("unit", flag("m", "m"), flag("km", "km"), flag("ft", "ft"), flag("mi", "mi")),
              flag("withcoord", "WITHCOORD").optional(),
              flag("withdist", "WITHDIST").optional(),
              flag("withhash", "WITHHASH").optional(),
              block(
                      "count",
                      arg("count", Type.INTEGER).token("COUNT"),
                      flag("any", "ANY").since("6.2.0").optional())
                  .optional(),
              oneOf("order", flag("asc", "ASC"), flag("desc", "DESC")).optional())
          .summary("Returns the places within a circle around a point.")
          .complexity(
              "O(N+log(M)) where N is the number of elements inside the bounding box of the"
                  + " circular area delimited by center and radius and M is the number of items"
                  + " inside the index.")
          .handler((DataInvocation call) -> GeoSearch.run(call, GeoSearch.Form.POINT, false));

  static final CommandSpec GEORADIUSBYMEMBER =
      command("georadiusbymember")
          .group(CommandGroup.GEO)
          .since("3.2.0")
          .arity(-5)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.GEO)
          .keys(
              key(1).ro().access(),
              keyword("STORE", 5).ow().update(),
              keyword("STOREDIST", 5).ow().update())
          .deprecated(
              "6.2.0",
              "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments")
          .history("7.0.0", "Added support for uppercase unit names.")
          .keyFinder(GeoCommands::findKeysOfRadius)
          .arguments(
              keyArg("key"),
              arg("member", Type.STRING),
              arg("radius", Type.DOUBLE),
              oneOf("unit", flag("m", "m"), flag("km", "km"), flag("ft", "ft"), flag("mi", "mi")),
              flag("withcoord", "WITHCOORD").optional(),
              flag("withdist", "WITHDIST").optional(),
              flag("withhash", "WITHHASH").optional(),
              block(
                      "count",
                      arg("count", Type.INTEGER).token("COUNT"),
                      flag("any", "ANY").optional())
                  .optional(),
              oneOf("order", flag("asc", "ASC"), flag("desc", "DESC")).optional(),
              keyArg("key").keySpec(1).token("STORE").optional(),
              keyArg("key").keySpec(2).token("STOREDIST").optional())
          .summary("Returns the places within a circle around a place, and stores them if asked.")
          .complexity(
              "O(N+log(M)) where N is the number of elements inside the bounding box of the"
                  + " circular area delimited by center and radius and M is the number of items"
                  + " inside the index.")
          .handler((DataInvocation call) -> GeoSearch.run(call, GeoSearch.Form.MEMBER, true));

  static final CommandSpec GEORADIUSBYMEMBER_RO =
      command("georadiusbymember_ro")
          .group(CommandGroup.GEO)
          .since("3.2.10")
          .arity(-5)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.GEO)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments")
          .arguments(
              keyArg("key"),
              arg("member", Type.STRING),
              arg("radius", Type.DOUBLE),
              oneOf("unit", flag("m", "m"), flag("km", "km"), flag("ft", "ft"), flag("mi", "mi")),
              flag("withcoord", "WITHCOORD").optional(),
              flag("withdist", "WITHDIST").optional(),
              flag("withhash", "WITHHASH").optional(),
              block(
                      "count",
                      arg("count", Type.INTEGER).token("COUNT"),
                      flag("any", "ANY").optional())
                  .optional(),
              oneOf("order", flag("asc", "ASC"), flag("desc", "DESC")).optional())
          .summary("Returns the places within a circle around a place.")
          .complexity(
              "O(N+log(M)) where N is the number of elements inside the bounding box of the"
                  + " circular area delimited by center and radius and M is the number of items"
                  + " inside the index.")
          .handler((DataInvocation call) -> GeoSearch.run(call, GeoSearch.Form.MEMBER, false));
}
