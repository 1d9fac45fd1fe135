package dev.acuse.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A network between two parties of a test, that can be cut and mended. */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean isCut;
  private volatile boolean isMute;
  private volatile long delayMillis;
  private volatile RawServer.@Nullable Answer instead;

  /** Forwards a free port of this machine to the target's. */
  public TcpProxy(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Where to connect to. */
  public int port() {
    return server.getLocalPort();
  }

  /** Ends all connections, and every new one at once. */
  public void cut() {
    isCut = true;
    open.forEach(TcpProxy::closeQuietly);
  }

  /** Lets new connections through, and answers. */
  public void restore() {
    isCut = false;
    isMute = false;
  }

  /** From now on each piece that passes, either way, takes so much longer; zero for none. */
  public void delay(Duration each) {
    delayMillis = each.toMillis();
  }

  /** From now on nothing comes back from the target, though all reaches it. */
  public void swallowAnswers() {
    isMute = true;
  }

  /**
   * From now on every connection is answered with this, and the target sees nothing; null ends it.
   */
  public void answer(RawServer.@Nullable Answer answer) {
    instead = answer;
    open.forEach(TcpProxy::closeQuietly);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (isCut) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // Closed, or the target refuses: whoever connects sees the end of the connection.
        isCut = isCut || server.isClosed();
      }
    }
  }

  private void connect(Socket client) throws IOException {
    open.add(client);
    RawServer.Answer answer = instead;
    if (answer != null) {
      threads.execute(() -> misbehave(client, answer));
      return;
    }
    Socket there;
    try {
      there = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      closeQuietly(client);
      throw e;
    }
    open.add(there);
    threads.execute(() -> pump(client, there, false));
    threads.execute(() -> pump(there, client, true));
  }

  private void misbehave(Socket client, RawServer.Answer answer) {
    try (client) {
      answer.write(client.getOutputStream());
    } catch (IOException e) {
      // The client has had enough.
      return;
    } finally {
      open.remove(client);
    }
  }

  private void pump(Socket from, Socket to, boolean isAnswer) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        linger();
        if (!isMute || !isAnswer) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
    } catch (IOException e) {
      // Either side is gone, and so is the other.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private void linger() {
    long end = System.nanoTime() + delayMillis * 1_000_000;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
