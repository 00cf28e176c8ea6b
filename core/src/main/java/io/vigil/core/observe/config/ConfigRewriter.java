package io.vigil.core.observe.config;

import io.vigil.core.env.Disk;
import io.vigil.core.env.Entropy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CONFIG REWRITE: brings the configuration file up to date with the settings. The new text is
 * written beside the old file, synced, and put in its place, so that a crash leaves one of the two.
 */
public final class ConfigRewriter {
  private static final List<String> FILE_ONLY =
      List.of("include", "rename-command", "user", "loadmodule", "sentinel");

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

  /** Writes the lines of a subsystem that keeps its own, such as a Sentinel. */
  @FunctionalInterface
  public interface Contributor {
    void rewrite(ConfigFile file);
  }

  private final ConfigRegistry registry;
  private final Disk disk;
  private final Entropy entropy;
  private final String path;
  private final boolean sentinel;
  private final List<Contributor> contributors = new ArrayList<>();

  /**
   * A rewriter of the file at {@code path}, an absolute path; {@code sentinel} for a Sentinel's.
   */
  public ConfigRewriter(
      ConfigRegistry registry, Disk disk, Entropy entropy, String path, boolean sentinel) {
    this.registry = registry;
    this.disk = disk;
    this.entropy = entropy;
    this.path = path;
    this.sentinel = sentinel;
  }

  public void add(Contributor contributor) {
    contributors.add(contributor);
  }

  /** Path of the file. */
  public String path() {
    return path;
  }

  /**
   * Rewrites the file now; the new text is on the disk when this returns.
   *
   * @throws IOException when that failed, with the system's reason; the old file is untouched
   */
  public void rewrite() throws IOException {
    rewrite(false);
  }

  /** As {@link #rewrite()}, with a line for every directive, those at their default included. */
  public void rewriteEverything() throws IOException {
    rewrite(true);
  }

  private void rewrite(boolean everything) throws IOException {
    String old = disk.exists(path) ? ConfigText.read(disk, path) : "";
    ConfigFile file = new ConfigFile(old, this::option, everything);
    for (Directive directive : registry.settings().all()) {
      if (sentinel && directive instanceof SavePoints) {
        file.processed(directive.name());
      } else {
        directive.rewrite(file);
      }
    }
    for (Contributor contributor : contributors) {
      contributor.rewrite(file);
    }
    replace(file.content().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The option that a line belongs to, or null when nobody knows its directive. */
  private String option(List<String> words) {
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    Directive directive = registry.directive(name);
    if (directive != null) {
      return directive.name();
    }
    if (!FILE_ONLY.contains(name)) {
      return null;
    }
    boolean ofSentinel = sentinel && name.equals("sentinel") && words.size() > 1;
    return ofSentinel ? name + " " + words.get(1) : name;
  }

  private void replace(byte[] content) throws IOException {
    String temporary = path + "." + randomLetters();
    try {
      try (Disk.DiskFile file = disk.create(temporary)) {
        file.write(content, 0, content.length);
        file.sync();
      }
      disk.rename(temporary, path);
    } catch (IOException e) {
      deleteLeftover(temporary, e);
      throw e;
    }
    int slash = path.lastIndexOf('/');
    disk.syncDirectory(slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash));
  }

  private void deleteLeftover(String temporary, IOException cause) {
    try {
      disk.delete(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private String randomLetters() {
    byte[] random = new byte[6];
    entropy.fill(random);
    StringBuilder letters = new StringBuilder();
    for (byte b : random) {
      letters.append(LETTERS.charAt(Math.floorMod(b, LETTERS.length())));
    }
    return letters.toString();
  }
}
