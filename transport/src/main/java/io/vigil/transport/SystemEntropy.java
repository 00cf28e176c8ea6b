package io.vigil.transport;

import io.vigil.core.env.Entropy;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;

/**
 * The kernel's random bytes. Read from the device where there is one: loading the security
 * providers behind {@link SecureRandom} would cost a tenth of the start.
 */
final class SystemEntropy implements Entropy {
  @Override
  public void fill(byte[] target) {
    try (InputStream device = new FileInputStream("/dev/urandom")) {
      if (device.readNBytes(target, 0, target.length) == target.length) {
        return;
      }
    } catch (IOException _) {
      // No such device here: the JDK's own source is as good, only slower to load.
    }
    new SecureRandom().nextBytes(target);
  }
}
