package dev.acuse.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that is kept alive, with at most one request under way. Used by one thread. */
final class LoadConnection implements AutoCloseable {
  private static final String LENGTH = "\r\ncontent-length:";

  private final SocketChannel channel;
  private final ByteBuffer out = ByteBuffer.allocateDirect(4_096);
  private final ByteBuffer in = ByteBuffer.allocate(8_192);
  private long dueNanos;

  private LoadConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static LoadConnection open(int port, Selector selector) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.socket().setTcpNoDelay(true);
    var connection = new LoadConnection(channel);
    channel.register(selector, SelectionKey.OP_READ, connection);
    return connection;
  }

  /**
   * @param due when it should have been sent, by {@link System#nanoTime}: its latency begins then
   */
  void send(SignedRequests requests, long due) throws IOException {
    dueNanos = due;
    requests.next(out);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  long dueNanos() {
    return dueNanos;
  }

  /** The status of the answer; 0 while it is not all there. */
  int read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("the server closed a connection");
    }
    String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0 || text.length() < end + 4 + contentLength(text.substring(0, end))) {
      return 0;
    }
    in.clear();
    return Integer.parseInt(text.substring(9, 12));
  }

  private static int contentLength(String head) {
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (at < 0) {
      throw new IllegalStateException("an answer without a length: " + head);
    }
    int start = at + LENGTH.length();
    int end = head.indexOf('\r', start);
    return Integer.parseInt(head.substring(start, end < 0 ? head.length() : end).strip());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
