package io.vigil.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.base.Rng;
import io.vigil.core.env.Disk.DiskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskTest {
  @TempDir Path folder;
  private final SystemHost host = new SystemHost(_ -> {});
  private final SystemDisk disk = new SystemDisk(host);

  @BeforeEach
  void enterFolder() throws IOException {
    host.changeDirectory(folder.toString());
  }

  @Test
  void relativePathsFollowTheWorkingDirectory() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    host.changeDirectory("a");
    host.changeDirectory("./b");
    try (DiskFile file = disk.create("x")) {
      file.write("hello".getBytes(), 0, 5);
    }
    assertThat(folder.resolve("a/b/x")).hasContent("hello");
    assertThat(disk.exists("../b/x")).isTrue();
  }

  @Test
  void writesAndReadsMoreThanOneBuffer() throws IOException {
    byte[] content = new byte[1_000_003];
    Rng random = new Rng(7);
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) random.nextInt(256);
    }
    try (DiskFile file = disk.create("big")) {
      file.write(content, 0, content.length);
      file.sync();
      assertThat(file.size()).isEqualTo(content.length);
    }
    try (DiskFile file = disk.open("big")) {
      byte[] back = new byte[content.length];
      int at = 0;
      for (int n = file.read(back, 0, back.length); n > 0; ) {
        at += n;
        n = at < back.length ? file.read(back, at, back.length - at) : 0;
      }
      assertThat(back).isEqualTo(content);
      assertThat(file.read(back, 0, 1)).isEqualTo(-1);
    }
  }

  @Test
  void appendsTruncatesRenamesAndDeletes() throws IOException {
    try (DiskFile file = disk.append("log")) {
      file.write("one".getBytes(), 0, 3);
    }
    try (DiskFile file = disk.append("log")) {
      file.write("two".getBytes(), 0, 3);
      file.truncate(4);
    }
    disk.rename("log", "renamed");
    disk.syncDirectory(".");
    assertThat(disk.list(".")).containsExactly("renamed");
    assertThat(folder.resolve("renamed")).hasContent("onet");
    disk.delete("renamed");
    disk.delete("renamed");
    assertThat(disk.exists("renamed")).isFalse();
  }

  @Test
  void errorsAreTheSystemsOwnWords() throws IOException {
    assertThatThrownBy(() -> disk.open("missing"))
        .isInstanceOf(IOException.class)
        .hasMessage("No such file or directory");
    Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> disk.create("file/below")).hasMessage("Not a directory");
    assertThatThrownBy(() -> disk.create("missing/below")).hasMessage("No such file or directory");
    assertThatThrownBy(() -> host.changeDirectory("missing"))
        .hasMessage("No such file or directory");
    assertThatThrownBy(() -> host.changeDirectory("file")).hasMessage("Not a directory");
  }
}
