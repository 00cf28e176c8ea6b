package io.vigil.core.command.data.zset;

import io.vigil.core.command.data.zset.Geohash.Area;
import io.vigil.core.command.data.zset.Geohash.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * A circle or a box on the globe, and which cells must be looked through to find what lies in it.
 * Formulas and constants are those of Redis; with {@link StrictMath} they give the same on every
 * machine.
 *
 * @param box false for a circle, whose radius then is width and height
 * @param width of half a box, in units
 * @param height of half a box, in units
 * @param unit metres
 */
record GeoShape(Point center, boolean box, double width, double height, double unit) {
  private static final double EARTH_RADIUS_M = 6372797.560856;
  private static final double MERCATOR_MAX_M = 20037726.37;
  private static final double DEGREE = StrictMath.PI / 180;
  private static final int[][] NEIGHBORS = {
    {0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}
  };

  /** Metres between two places along a great circle. */
  static double distance(Point one, Point other) {
    double sinLongitude =
        StrictMath.sin((other.longitude() * DEGREE - one.longitude() * DEGREE) / 2);
    if (sinLongitude == 0) {
      return latitudeDistance(one.latitude(), other.latitude());
    }
    double from = one.latitude() * DEGREE;
    double to = other.latitude() * DEGREE;
    double sinLatitude = StrictMath.sin((to - from) / 2);
    double a =
        sinLatitude * sinLatitude
            + StrictMath.cos(from) * StrictMath.cos(to) * sinLongitude * sinLongitude;
    return 2 * EARTH_RADIUS_M * StrictMath.asin(StrictMath.sqrt(a));
  }

  private static double latitudeDistance(double one, double other) {
    return EARTH_RADIUS_M * StrictMath.abs(other * DEGREE - one * DEGREE);
  }

  /** Metres from the center to a place, or -1 if that does not lie within. */
  double distanceWithin(Point place) {
    if (!box) {
      double distance = distance(center, place);
      return distance > width * unit ? -1 : distance;
    }
    if (latitudeDistance(place.latitude(), center.latitude()) > 2 * height * unit / 2) {
      return -1;
    }
    Point sameRow = new Point(center.longitude(), place.latitude());
    if (distance(place, sameRow) > 2 * width * unit / 2) {
      return -1;
    }
    return distance(center, place);
  }

  private Area bounds() {
    double latitude = center.latitude();
    double up = unit * height / EARTH_RADIUS_M / DEGREE;
    double across = unit * width / EARTH_RADIUS_M;
    double top = across / StrictMath.cos((latitude + up) * DEGREE) / DEGREE;
    double bottom = across / StrictMath.cos((latitude - up) * DEGREE) / DEGREE;
    // The edge that is nearer to a pole spans more degrees.
    double side = latitude < 0 ? bottom : top;
    return new Area(
        center.longitude() - side, center.longitude() + side, latitude - up, latitude + up);
  }

  private int estimateStep() {
    double reach = unit * (box ? StrictMath.sqrt(width * width + height * height) : width);
    if (reach == 0) {
      return Geohash.PLACE_STEP;
    }
    int step = 1;
    for (double range = reach; range < MERCATOR_MAX_M; range *= 2) {
      step++;
    }
    step -= 2;
    double latitude = StrictMath.abs(center.latitude());
    step -= latitude > 80 ? 2 : latitude > 66 ? 1 : 0;
    return Math.clamp(step, 1, Geohash.PLACE_STEP);
  }

  /** The cells that cover the shape, in the order in which they are looked through. */
  List<Geohash> cells() {
    Area bounds = bounds();
    int step = estimateStep();
    Geohash middle = Geohash.of(center, step);
    if (step > 1 && reachesBeyond(middle, bounds)) {
      step--;
      middle = Geohash.of(center, step);
    }
    Area area = middle.area();
    List<Geohash> cells = new ArrayList<>();
    int last = -1;
    for (int i = 0; i < NEIGHBORS.length; i++) {
      int east = NEIGHBORS[i][0];
      int north = NEIGHBORS[i][1];
      boolean useless =
          north < 0 && area.south() < bounds.south()
              || north > 0 && area.north() > bounds.north()
              || east < 0 && area.west() < bounds.west()
              || east > 0 && area.east() > bounds.east();
      if (step >= 2 && useless) {
        continue;
      }
      // Of a coarse grid several neighbors are one cell. The middle one is not compared with.
      Geohash cell = middle.neighbor(east, north);
      if (last <= 0 || !cell.equals(cells.getLast())) {
        cells.add(cell);
        last = i;
      }
    }
    return cells;
  }

  private static boolean reachesBeyond(Geohash middle, Area bounds) {
    return middle.neighbor(0, 1).area().north() < bounds.north()
        || middle.neighbor(0, -1).area().south() > bounds.south()
        || middle.neighbor(1, 0).area().east() < bounds.east()
        || middle.neighbor(-1, 0).area().west() > bounds.west();
  }
}
