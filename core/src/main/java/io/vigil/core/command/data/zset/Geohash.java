package io.vigil.core.command.data.zset;

/**
 * A cell of the grid that Redis lays over the world: {@code step} bits of the longitude and as many
 * of the latitude, interleaved, those of the longitude first. The score of a place is its cell with
 * 26 bits each.
 *
 * @param step 1 to 26
 */
record Geohash(long bits, int step) {
  static final int PLACE_STEP = 26;
  static final double MAX_LONGITUDE = 180;
  static final double MAX_LATITUDE = 85.05112878;

  private static final long EVEN_BITS = 0x5555555555555555L;
  private static final String ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";

  /** The highest latitude of the geohashes that others use. */
  private static final double POLE = 90;

  /** Edges of a cell in degrees. */
  record Area(double west, double east, double south, double north) {}

  /** A place in degrees. */
  record Point(double longitude, double latitude) {}

  static Geohash of(Point point, int step) {
    return of(point, step, MAX_LATITUDE);
  }

  private static Geohash of(Point point, int step, double maxLatitude) {
    double north = (point.latitude + maxLatitude) / (maxLatitude + maxLatitude);
    double east = (point.longitude + MAX_LONGITUDE) / (MAX_LONGITUDE + MAX_LONGITUDE);
    double cells = 1L << step;
    return new Geohash(
        spread((int) (long) (north * cells)) | spread((int) (long) (east * cells)) << 1, step);
  }

  /** The cell of a place by its score. */
  static Geohash ofScore(double score) {
    return new Geohash((long) score, PLACE_STEP);
  }

  /** The bits of a number at every second position. */
  private static long spread(int number) {
    long x = number & 0xffffffffL;
    x = (x | x << 16) & 0x0000ffff0000ffffL;
    x = (x | x << 8) & 0x00ff00ff00ff00ffL;
    x = (x | x << 4) & 0x0f0f0f0f0f0f0f0fL;
    x = (x | x << 2) & 0x3333333333333333L;
    return (x | x << 1) & EVEN_BITS;
  }

  /** What {@link #spread} was given. */
  private static long gather(long bits) {
    long x = bits & EVEN_BITS;
    x = (x | x >>> 1) & 0x3333333333333333L;
    x = (x | x >>> 2) & 0x0f0f0f0f0f0f0f0fL;
    x = (x | x >>> 4) & 0x00ff00ff00ff00ffL;
    x = (x | x >>> 8) & 0x0000ffff0000ffffL;
    return (x | x >>> 16) & 0xffffffffL;
  }

  Area area() {
    double cells = 1L << step;
    long row = gather(bits);
    long column = gather(bits >>> 1);
    double height = MAX_LATITUDE + MAX_LATITUDE;
    double width = MAX_LONGITUDE + MAX_LONGITUDE;
    return new Area(
        -MAX_LONGITUDE + column / cells * width,
        -MAX_LONGITUDE + (column + 1) / cells * width,
        -MAX_LATITUDE + row / cells * height,
        -MAX_LATITUDE + (row + 1) / cells * height);
  }

  /** The middle of the cell. */
  Point center() {
    Area area = area();
    double longitude = (area.west + area.east) / 2;
    double latitude = (area.south + area.north) / 2;
    return new Point(
        Math.clamp(longitude, -MAX_LONGITUDE, MAX_LONGITUDE),
        Math.clamp(latitude, -MAX_LATITUDE, MAX_LATITUDE));
  }

  /** The score of the first place in the cell. */
  double firstScore() {
    return bits << (2 * (PLACE_STEP - step));
  }

  /** The score of the first place behind the cell. */
  double endScore() {
    return bits + 1 << (2 * (PLACE_STEP - step));
  }

  /**
   * The cell so many columns to the east and rows to the north, each -1, 0 or 1; it wraps. At the
   * very edge of the world a cell has a bit more than others, which a move takes away.
   */
  Geohash neighbor(int east, int north) {
    long columns = moved(bits, ~EVEN_BITS, east);
    return new Geohash(columns | moved(bits, EVEN_BITS, north), step);
  }

  /**
   * Adds to the number whose bits are those in {@code mask}; the others carry when they are set.
   */
  private long moved(long from, long mask, int by) {
    long number = from & mask;
    if (by == 0) {
      return number;
    }
    long used = -1L >>> (64 - 2 * step);
    long others = ~mask & used;
    long sum = by > 0 ? number + (others + 1) : (number | others) - (others + 1);
    return sum & mask & used;
  }

  /** The text that others call a geohash: of 11 characters, the last of which says nothing. */
  String text() {
    long standard = of(center(), PLACE_STEP, POLE).bits;
    StringBuilder text = new StringBuilder(11);
    for (int shift = 47; shift >= 2; shift -= 5) {
      text.append(ALPHABET.charAt((int) (standard >>> shift) & 31));
    }
    return text.append('0').toString();
  }
}
