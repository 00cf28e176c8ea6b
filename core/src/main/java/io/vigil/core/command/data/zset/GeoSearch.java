package io.vigil.core.command.data.zset;

import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.zset.Geohash.Point;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.keyspace.ZsetBound;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.spec.CommandError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A search for places, of GEOSEARCH and of the older commands: what it asks for, and its end. */
final class GeoSearch {
  /** Where a command gives the center, and what else it may say. */
  enum Form {
    /** GEORADIUS: two words in front. */
    POINT,
    /** GEORADIUSBYMEMBER: one word in front. */
    MEMBER,
    /** GEOSEARCH: by options. */
    OPTIONS,
    /** GEOSEARCHSTORE: the same, and the key to store at comes first. */
    OPTIONS_STORE
  }

  private record Place(byte[] member, double score, Point point, double distance) {}

  private final DataInvocation call;
  private final Form form;
  private final boolean mayStore;
  private final long record;

  private Point center;
  private boolean fromMember;
  private boolean fromPoint;
  private boolean byRadius;
  private boolean byBox;
  private double width;
  private double height;
  private double unit = 1;
  private boolean withDistance;
  private boolean withHash;
  private boolean withPoint;
  private boolean any;
  private Boolean nearestFirst;
  private long count;
  private int storeKey;
  private boolean storeDistance;

  private GeoSearch(DataInvocation call, Form form, boolean mayStore) {
    this.call = call;
    this.form = form;
    this.mayStore = mayStore;
    this.storeKey = form == Form.OPTIONS_STORE ? 1 : 0;
    this.record = Zsets.lookup(call, storeKey + 1);
  }

  /** Runs a search. */
  static void run(DataInvocation call, Form form, boolean mayStore) {
    GeoSearch search = new GeoSearch(call, form, mayStore);
    search.readOptions(search.readFront());
    search.check();
    search.answer();
  }

  private boolean takesOptions() {
    return form == Form.OPTIONS || form == Form.OPTIONS_STORE;
  }

  // ---- Arguments ----

  /** The point that the word at {@code index}, a longitude, and the next one give. */
  static Point point(DataInvocation call, int index) {
    double longitude = Zsets.score(call, index, CommandError.NOT_FLOAT);
    double latitude = Zsets.score(call, index + 1, CommandError.NOT_FLOAT);
    if (longitude < -Geohash.MAX_LONGITUDE
        || longitude > Geohash.MAX_LONGITUDE
        || latitude < -Geohash.MAX_LATITUDE
        || latitude > Geohash.MAX_LATITUDE) {
      throw new CommandError(
          "ERR invalid longitude,latitude pair "
              + sixDigits(longitude)
              + ","
              + sixDigits(latitude));
    }
    return new Point(longitude, latitude);
  }

  private static String sixDigits(double value) {
    return Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : Numbers.fixed(value, 6);
  }

  /** Metres of the unit that a word names. */
  static double unit(DataInvocation call, int index) {
    if (call.is(index, "M")) {
      return 1;
    }
    if (call.is(index, "KM")) {
      return 1000;
    }
    if (call.is(index, "FT")) {
      return 0.3048;
    }
    if (call.is(index, "MI")) {
      return 1609.34;
    }
    throw new CommandError("ERR unsupported unit provided. please use M, KM, FT, MI");
  }

  private void readRadius(int index) {
    width = Zsets.score(call, index, new CommandError("ERR need numeric radius"));
    if (width < 0) {
      throw new CommandError("ERR radius cannot be negative");
    }
    height = width;
    unit = unit(call, index + 1);
    byRadius = true;
  }

  private void readBox(int index) {
    double across = Zsets.score(call, index, new CommandError("ERR need numeric width"));
    double up = Zsets.score(call, index + 1, new CommandError("ERR need numeric height"));
    if (across < 0 || up < 0) {
      throw new CommandError("ERR height or width cannot be negative");
    }
    width = across / 2;
    height = up / 2;
    unit = unit(call, index + 2);
    byBox = true;
  }

  private Point member(int index) {
    double score = Zsets.values(call).score(record, call.arguments(), index);
    if (Double.isNaN(score)) {
      throw new CommandError("ERR could not decode requested zset member");
    }
    return Geohash.ofScore(score).center();
  }

  /** Reads what stands before the options; returns the index of the first. */
  private int readFront() {
    switch (form) {
      case POINT -> {
        center = point(call, 2);
        readRadius(4);
        return 6;
      }
      case MEMBER -> {
        if (record != 0) {
          center = member(2);
          readRadius(3);
        }
        return 5;
      }
      default -> {
        return storeKey + 2;
      }
    }
  }

  private void readOptions(int first) {
    int i = first;
    while (i < call.count()) {
      int used = readPlainOption(i);
      used = used == 0 ? readStoreOption(i) : used;
      used = used == 0 && takesOptions() ? readShapeOption(i) : used;
      if (used == 0) {
        throw CommandError.SYNTAX;
      }
      i += used;
    }
  }

  /** Returns how many words the option at {@code i} has, 0 if it is none of these. */
  private int readPlainOption(int i) {
    if (call.is(i, "WITHDIST")) {
      withDistance = true;
    } else if (call.is(i, "WITHHASH")) {
      withHash = true;
    } else if (call.is(i, "WITHCOORD")) {
      withPoint = true;
    } else if (call.is(i, "ANY")) {
      any = true;
    } else if (call.is(i, "ASC")) {
      nearestFirst = true;
    } else if (call.is(i, "DESC")) {
      nearestFirst = false;
    } else if (call.is(i, "COUNT") && i + 1 < call.count()) {
      count = call.integer(i + 1);
      if (count <= 0) {
        throw new CommandError("ERR COUNT must be > 0");
      }
      return 2;
    } else {
      return 0;
    }
    return 1;
  }

  private int readStoreOption(int i) {
    boolean distance = call.is(i, "STOREDIST");
    if (distance && form == Form.OPTIONS_STORE) {
      storeDistance = true;
      return 1;
    }
    if (!mayStore || takesOptions() || i + 1 >= call.count()) {
      return 0;
    }
    if (!distance && !call.is(i, "STORE")) {
      return 0;
    }
    storeKey = i + 1;
    storeDistance = distance;
    return 2;
  }

  private int readShapeOption(int i) {
    int left = call.count() - i - 1;
    if (call.is(i, "FROMMEMBER") && left >= 1 && !fromPoint) {
      center = record == 0 ? null : member(i + 1);
      fromMember = true;
      return 2;
    }
    if (call.is(i, "FROMLONLAT") && left >= 2 && !fromMember) {
      center = point(call, i + 1);
      fromPoint = true;
      return 3;
    }
    if (call.is(i, "BYRADIUS") && left >= 2 && !byBox) {
      readRadius(i + 1);
      return 3;
    }
    if (call.is(i, "BYBOX") && left >= 3 && !byRadius) {
      readBox(i + 1);
      return 4;
    }
    return 0;
  }

  private void check() {
    if (storeKey > 0 && (withDistance || withHash || withPoint)) {
      throw new CommandError(
          "ERR "
              + (takesOptions() ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS")
              + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
    }
    if (takesOptions() && !fromMember && !fromPoint) {
      throw new CommandError(
          "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + call.text(0));
    }
    if (takesOptions() && !byRadius && !byBox) {
      throw new CommandError(
          "ERR exactly one of BYRADIUS and BYBOX can be specified for " + call.text(0));
    }
    if (any && count == 0) {
      throw new CommandError("ERR the ANY argument requires COUNT argument");
    }
  }

  // ---- Result ----

  private void answer() {
    List<Place> places = record == 0 ? List.of() : find();
    if (storeKey > 0) {
      store(places);
    } else {
      show(places);
    }
  }

  private List<Place> find() {
    GeoShape shape = new GeoShape(center, byBox, width, height, unit);
    List<Place> places = new ArrayList<>();
    long limit = any ? count : Long.MAX_VALUE;
    ZsetValues zsets = Zsets.values(call);
    for (Geohash cell : shape.cells()) {
      long from = zsets.rankOf(record, new ZsetBound.Score(cell.firstScore(), false));
      long to = zsets.rankOf(record, new ZsetBound.Score(cell.endScore(), false));
      for (long at = from; at < to && places.size() < limit; at += STEP) {
        zsets.range(
            record,
            at,
            Math.min(to, at + STEP),
            false,
            (member, score) -> {
              Point point = Geohash.ofScore(score).center();
              double distance = shape.distanceWithin(point);
              if (distance >= 0 && places.size() < limit) {
                places.add(new Place(member.bytes(), score, point, distance));
              }
            });
      }
    }
    if (nearestFirst != null || count > 0 && !any) {
      Comparator<Place> order = Comparator.comparingDouble(Place::distance);
      places.sort(nearestFirst == null || nearestFirst ? order : order.reversed());
    }
    return count > 0 && count < places.size() ? places.subList(0, (int) count) : places;
  }

  /** Elements looked at before it is asked whether enough have been found. */
  private static final int STEP = 1024;

  private void show(List<Place> places) {
    int options = (withDistance ? 1 : 0) + (withHash ? 1 : 0) + (withPoint ? 1 : 0);
    call.reply().array(places.size());
    for (Place place : places) {
      if (options > 0) {
        call.reply().array(options + 1);
      }
      call.reply().bulk(place.member);
      if (withDistance) {
        call.reply().bulk(distanceText(place.distance / unit));
      }
      if (withHash) {
        call.reply().integer((long) place.score);
      }
      if (withPoint) {
        answerPoint(call, place.point);
      }
    }
  }

  /** Answers with longitude and latitude. */
  static void answerPoint(DataInvocation call, Point point) {
    call.reply().array(2);
    call.reply().doubleText(degrees(point.longitude()));
    call.reply().doubleText(degrees(point.latitude()));
  }

  private static String degrees(double value) {
    String text = Numbers.fixed(value, 17);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    String trimmed = text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    return trimmed.equals("-0") ? "0" : trimmed;
  }

  /** A distance with four digits behind the point. */
  static String distanceText(double distance) {
    long scaled = (long) StrictMath.rint(distance * 10_000);
    String fraction = Long.toString(10_000 + scaled % 10_000).substring(1);
    return scaled / 10_000 + "." + fraction;
  }

  private void store(List<Place> places) {
    CollectionBuilder builder = call.database().builder(ValueType.ZSET);
    for (Place place : places) {
      double score = storeDistance ? place.distance / unit : place.score;
      builder.add(place.member, 0, place.member.length);
      builder.score(score);
    }
    long more = Math.max(0, builder.count() - 1);
    Zsets.store(call, storeKey, builder, takesOptions() ? "geosearchstore" : "georadiusstore");
    call.dirty(more);
  }
}
