package io.vigil.core.keyspace;

import io.vigil.core.base.Sha1;

/**
 * The digest of data that DEBUG DIGEST prints, bit for bit as Redis 7.0 computes it, so that a data
 * set can be compared with one of a Redis. Two ways to add bytes to a digest of 20 bytes:
 *
 * <pre>
 *   combine   digest = digest xor SHA1(bytes)              order does not matter
 *   mix       digest = SHA1(digest xor SHA1(bytes))        order matters
 *
 *   key       mix key, mix type as 4 bytes big-endian, mix value, combine "!!expire!!" if it has a deadline
 *   whole     for each database that is not empty: mix number as 4 bytes big-endian, combine the digest of each key
 * </pre>
 */
final class Digest {
  private static final byte[] EXPIRE = {'!', '!', 'e', 'x', 'p', 'i', 'r', 'e', '!', '!'};

  private final Sha1 sha = new Sha1();
  private final byte[] sum = new byte[Sha1.DIGEST_BYTES];
  private final byte[] piece = new byte[8192];
  private final byte[] element = new byte[Sha1.DIGEST_BYTES];
  private final byte[] pair = new byte[Sha1.DIGEST_BYTES];
  private boolean pairBegun;

  /** The digest of all databases. */
  byte[] ofKeyspace(Keyspace keyspace) {
    byte[] whole = new byte[Sha1.DIGEST_BYTES];
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database database = keyspace.database(i);
      if (database.size() > 0) {
        mixNumber(whole, i);
        database.forEach(record -> combineKey(whole, database, record));
      }
    }
    return whole;
  }

  /** The digest of the value and deadline of one key, as DEBUG DIGEST-VALUE prints it. */
  byte[] ofValue(Database database, long record) {
    byte[] digest = new byte[Sha1.DIGEST_BYTES];
    mixValue(digest, database, record);
    return digest;
  }

  private void combineKey(byte[] whole, Database database, long record) {
    java.util.Arrays.fill(element, (byte) 0);
    byte[] key = database.key(record);
    sha.update(key, 0, key.length);
    mix(element);
    mixValue(element, database, record);
    sha.update(element, 0, element.length);
    combine(whole);
  }

  private void mixValue(byte[] digest, Database database, long record) {
    ValueType type = database.type(record);
    mixNumber(digest, type.redisCode());
    switch (type) {
      case STRING -> mixString(digest, database.strings(), record);
      case LIST ->
          database.collections(type).walk(record, ItemParts.BOTH, item -> mixItem(digest, item));
      case SET ->
          database
              .collections(type)
              .walk(
                  record,
                  ItemParts.BOTH,
                  item -> {
                    feed(item);
                    combine(digest);
                  });
      case ZSET -> {
        Item text = new Item();
        database
            .zsets()
            .forEach(
                record,
                (member, score) -> {
                  pairItem(digest, member);
                  pairItem(digest, ZsetText.score(score, text));
                });
      }
      case HASH ->
          database.collections(type).walk(record, ItemParts.BOTH, item -> pairItem(digest, item));
    }
    if (database.deadlineMs(record) != Database.NO_DEADLINE) {
      sha.update(EXPIRE, 0, EXPIRE.length);
      combine(digest);
    }
  }

  private void mixItem(byte[] digest, Item item) {
    feed(item);
    mix(digest);
  }

  /** Of every two items, both are mixed into a digest of the pair, which is combined. */
  private void pairItem(byte[] digest, Item item) {
    if (!pairBegun) {
      java.util.Arrays.fill(pair, (byte) 0);
    }
    mixItem(pair, item);
    if (pairBegun) {
      sha.update(pair, 0, pair.length);
      combine(digest);
    }
    pairBegun = !pairBegun;
  }

  private void feed(Item item) {
    long length = item.length();
    for (long at = 0; at < length; at += piece.length) {
      int part = (int) Math.min(piece.length, length - at);
      item.copy(at, piece, 0, part);
      sha.update(piece, 0, part);
    }
  }

  private void mixString(byte[] digest, StringValues strings, long record) {
    long length = strings.length(record);
    for (long at = 0; at < length; at += piece.length) {
      int part = (int) Math.min(piece.length, length - at);
      strings.copy(record, at, piece, 0, part);
      sha.update(piece, 0, part);
    }
    mix(digest);
  }

  private void mixNumber(byte[] digest, int number) {
    byte[] bigEndian = {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
    sha.update(bigEndian, 0, 4);
    mix(digest);
  }

  /** Combines what was fed to the hash. */
  private void combine(byte[] digest) {
    sha.digest(sum, 0);
    for (int i = 0; i < digest.length; i++) {
      digest[i] ^= sum[i];
    }
  }

  /** Mixes what was fed to the hash. */
  private void mix(byte[] digest) {
    combine(digest);
    sha.update(digest, 0, digest.length);
    sha.digest(digest, 0);
  }
}
