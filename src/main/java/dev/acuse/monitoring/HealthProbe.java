package dev.acuse.monitoring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service on this machine whether it is ready, as a container's health check does: ends
 * with 0 if it is, with 1 if not. It stands alone, in the image as a file beside the jar, and uses
 * a plain socket, because it is a process of its own every half a minute.
 */
public final class HealthProbe {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final String USUAL_PORT = "8080";

  private HealthProbe() {}

  /** Looks at the port that {@code PORT} names, or at 8080. */
  public static void main(String[] arguments) {
    System.exit(probe(System::getenv, System.out));
  }

  /**
   * One look.
   *
   * @param variables null for one that is not set
   * @param out is told in one line what was found
   * @return the exit status: 0 if it is ready, else 1
   */
  static int probe(UnaryOperator<@Nullable String> variables, PrintStream out) {
    String set = variables.apply("PORT");
    String port = set == null || set.isBlank() ? USUAL_PORT : set.strip();
    try {
      String line = statusLine(Integer.parseInt(port));
      out.println(line);
      return line.startsWith("HTTP/1.1 200") ? 0 : 1;
    } catch (NumberFormatException e) {
      out.println("PORT is no number");
    } catch (IllegalArgumentException e) {
      out.println("PORT is no port: it is from 1 to 65535");
    } catch (IOException e) {
      out.println("port " + port + " does not answer: " + e.getMessage());
    }
    return 1;
  }

  private static String statusLine(int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      String request =
          "GET /health-check?type=ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String line = reader.readLine();
      return line == null ? "the connection was closed without an answer" : line;
    }
  }
}
