package io.vigil.server;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Sends datagrams over unix sockets, which the JDK has not, by the C library's own functions. Used
 * a few times in the life of a process that systemd supervises, and never loaded otherwise.
 */
@SuppressWarnings("restricted") // Native functions are the point of it.
final class DatagramNotifier implements Supervision.Notifier {
  // Linux, all architectures of ours.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int PATH_OFFSET = 2;
  private static final int LONGEST_PATH = 107;

  @Override
  public void send(String socketPath, String message) throws IOException {
    byte[] path = socketPath.getBytes(StandardCharsets.UTF_8);
    if (path.length > LONGEST_PATH) {
      throw new IOException("the path in NOTIFY_SOCKET is too long: " + socketPath);
    }
    if (path[0] == '@') {
      path[0] = 0; // the abstract name space
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(PATH_OFFSET + (long) path.length, 2);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, PATH_OFFSET, path.length);
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      int descriptor = (int) function("socket", 3).invoke(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      long sent = descriptor < 0 ? -1 : send(descriptor, text, address);
      if (sent != bytes.length) {
        throw new IOException("cannot send to " + socketPath);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  private static long send(int descriptor, MemorySegment text, MemorySegment address)
      throws Throwable {
    MethodHandle sendTo =
        Linker.nativeLinker()
            .downcallHandle(
                symbol("sendto"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
    long sent =
        (long)
            sendTo.invoke(
                descriptor, text, text.byteSize(), MSG_NOSIGNAL, address, (int) address.byteSize());
    int closed = (int) function("close", 1).invoke(descriptor);
    return closed == 0 ? sent : -1;
  }

  /** A function of {@code count} ints that returns an int. */
  private static MethodHandle function(String name, int count) {
    ValueLayout.OfInt[] parameters = new ValueLayout.OfInt[count];
    Arrays.fill(parameters, ValueLayout.JAVA_INT);
    return Linker.nativeLinker()
        .downcallHandle(symbol(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  private static MemorySegment symbol(String name) {
    SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
    return lookup.find(name).orElseThrow(() -> new IllegalStateException("no function " + name));
  }
}
