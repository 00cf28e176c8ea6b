package io.vigil.core.base;

/**
 * SHA-1 (FIPS 180-4), for identities and digests, not for security: DEBUG DIGEST, script names.
 * Reusable after {@link #digest}.
 */
public final class Sha1 {
  public static final int DIGEST_BYTES = 20;

  private final int[] state = new int[5];
  private final int[] schedule = new int[80];
  private final byte[] block = new byte[64];
  private int blockLength;
  private long totalBytes;

  public Sha1() {
    reset();
  }

  /** Digest of one slice. */
  public static byte[] of(byte[] bytes, int offset, int length) {
    Sha1 sha = new Sha1();
    sha.update(bytes, offset, length);
    byte[] digest = new byte[DIGEST_BYTES];
    sha.digest(digest, 0);
    return digest;
  }

  private void reset() {
    state[0] = 0x67452301;
    state[1] = 0xEFCDAB89;
    state[2] = 0x98BADCFE;
    state[3] = 0x10325476;
    state[4] = 0xC3D2E1F0;
    blockLength = 0;
    totalBytes = 0;
  }

  public void update(byte[] bytes, int offset, int length) {
    totalBytes += length;
    int from = offset;
    int left = length;
    while (left > 0) {
      if (blockLength == 0 && left >= 64) {
        compress(bytes, from);
        from += 64;
        left -= 64;
        continue;
      }
      int part = Math.min(left, 64 - blockLength);
      System.arraycopy(bytes, from, block, blockLength, part);
      blockLength += part;
      from += part;
      left -= part;
      if (blockLength == 64) {
        compress(block, 0);
        blockLength = 0;
      }
    }
  }

  /** Writes the 20 bytes of the digest and starts over. */
  public void digest(byte[] target, int offset) {
    long bits = totalBytes * 8;
    block[blockLength++] = (byte) 0x80;
    if (blockLength > 56) {
      java.util.Arrays.fill(block, blockLength, 64, (byte) 0);
      compress(block, 0);
      blockLength = 0;
    }
    java.util.Arrays.fill(block, blockLength, 56, (byte) 0);
    for (int i = 0; i < 8; i++) {
      block[56 + i] = (byte) (bits >>> (56 - 8 * i));
    }
    compress(block, 0);
    for (int i = 0; i < DIGEST_BYTES; i++) {
      target[offset + i] = (byte) (state[i >> 2] >>> (24 - 8 * (i & 3)));
    }
    reset();
  }

  private void compress(byte[] bytes, int offset) {
    int[] w = schedule;
    for (int i = 0; i < 16; i++) {
      int at = offset + 4 * i;
      w[i] =
          bytes[at] << 24
              | (bytes[at + 1] & 0xff) << 16
              | (bytes[at + 2] & 0xff) << 8
              | bytes[at + 3] & 0xff;
    }
    for (int i = 16; i < 80; i++) {
      w[i] = Integer.rotateLeft(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    for (int i = 0; i < 80; i++) {
      int mix;
      if (i < 20) {
        mix = (b & c | ~b & d) + 0x5A827999;
      } else if (i < 40) {
        mix = (b ^ c ^ d) + 0x6ED9EBA1;
      } else if (i < 60) {
        mix = (b & c | b & d | c & d) + 0x8F1BBCDC;
      } else {
        mix = (b ^ c ^ d) + 0xCA62C1D6;
      }
      int next = Integer.rotateLeft(a, 5) + mix + e + w[i];
      e = d;
      d = c;
      c = Integer.rotateLeft(b, 30);
      b = a;
      a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
  }
}
