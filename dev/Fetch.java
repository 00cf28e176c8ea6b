import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Fetches a file and keeps it only if its SHA-512 is the expected one. A bare machine may have
 * neither curl nor unzip; it has a JDK.
 *
 * <p>Usage: {@code java Fetch.java URL SHA512 FILE}
 */
final class Fetch {
  private Fetch() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.err.println("usage: java Fetch.java URL SHA512 FILE");
      System.exit(2);
    }
    try {
      fetch(URI.create(args[0]), args[1], Path.of(args[2]));
    } catch (IOException e) {
      System.err.println("vigil: cannot fetch " + args[0] + ": " + e);
      System.exit(1);
    }
  }

  private static void fetch(URI address, String expectedSum, Path file) throws Exception {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (HttpClient client = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build()) {
      HttpRequest request = HttpRequest.newBuilder(address).build();
      HttpResponse<Path> response = client.send(request, BodyHandlers.ofFile(partial));
      if (response.statusCode() != 200) {
        throw new IOException("the server answered " + response.statusCode());
      }
    }
    byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(partial));
    String sum = HexFormat.of().formatHex(digest);
    if (!sum.equals(expectedSum)) {
      Files.delete(partial);
      throw new IOException("its SHA-512 is " + sum + ", expected " + expectedSum);
    }
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
