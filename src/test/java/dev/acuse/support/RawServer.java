package dev.acuse.support;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers one connection with bytes that no HTTP server would send. */
public final class RawServer implements AutoCloseable {

  /** Writes an answer, for as long as the client listens. */
  @FunctionalInterface
  public interface Answer {
    void write(OutputStream out) throws IOException;
  }

  private final ServerSocket socket;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CompletableFuture<Void> hungUp = new CompletableFuture<>();

  public RawServer(Answer answer) {
    try {
      socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread.execute(() -> serve(answer));
  }

  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/x";
  }

  /** Done when the client has hung up while the answer was still being written. */
  public CompletableFuture<Void> hungUp() {
    return hungUp;
  }

  private void serve(Answer answer) {
    try (Socket connection = socket.accept()) {
      connection.setTcpNoDelay(true);
      answer.write(connection.getOutputStream());
    } catch (IOException e) {
      hungUp.complete(null);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    thread.shutdownNow();
  }
}
