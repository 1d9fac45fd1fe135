package dev.acuse.support;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;

/** A server that answers each connection with bytes that no HTTP server would send. */
public final class RawServer implements AutoCloseable {

  /** Writes an answer, for as long as the client listens. */
  @FunctionalInterface
  public interface Answer {
    void write(OutputStream out) throws IOException;
  }

  private final String scheme;
  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CompletableFuture<Void> hungUp = new CompletableFuture<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();

  public RawServer(Answer answer) {
    this("http", ServerSocketFactory.getDefault(), answer);
  }

  /** A server whose sockets are another's, such as those of TLS. */
  public RawServer(String scheme, ServerSocketFactory sockets, Answer answer) {
    this.scheme = scheme;
    try {
      socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(() -> accept(answer));
  }

  public String url() {
    return scheme + "://127.0.0.1:" + socket.getLocalPort() + "/x";
  }

  /** Done when a client has hung up while the answer was still being written. */
  public CompletableFuture<Void> hungUp() {
    return hungUp;
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** How many bytes clients and the buffers between have taken, over all connections. */
  public long written() {
    return written.get();
  }

  private void accept(Answer answer) {
    try {
      while (!socket.isClosed()) {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection, answer));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection, Answer answer) {
    try (connection) {
      connection.setTcpNoDelay(true);
      answer.write(new Counted(connection.getOutputStream()));
    } catch (IOException e) {
      hungUp.complete(null);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  private final class Counted extends FilterOutputStream {
    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      written.incrementAndGet();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      written.addAndGet(length);
    }
  }
}
