package dev.acuse.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that tells its {@link RationedSocket} which part of an answer comes next, and reads
 * so many lines of a head, each so long. It logs neither headers nor bytes, whatever the level: our
 * tokens are among them.
 */
final class BoundedConnection extends DefaultBHttpClientConnection
    implements ManagedHttpClientConnection {
  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxLineLength(8 * 1024).setMaxHeaderCount(200).build();

  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Timeout timeoutInUse = Timeout.INFINITE;

  BoundedConnection() {
    // a parser takes its limits from its factory, and the default one has none
    super(LIMITS, null, null, null, null, null, null, new DefaultHttpResponseParserFactory(LIMITS));
  }

  @Override
  public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
    expect(AnswerPart.HEAD);
    super.sendRequestHeader(request);
  }

  @Override
  public void receiveResponseEntity(ClassicHttpResponse response)
      throws HttpException, IOException {
    expect(AnswerPart.BODY);
    super.receiveResponseEntity(response);
  }

  private void expect(AnswerPart part) throws IOException {
    if (ensureOpen().getBaseSocket() instanceof RationedSocket socket) {
      socket.expect(part);
    } else {
      throw new IOException("a connection without a bound");
    }
  }

  @Override
  protected void bind(SocketHolder holder) throws IOException {
    if (closed.get()) {
      // cut off while it was being connected
      holder.getBaseSocket().close();
      throw new InterruptedIOException("the connection is closed already");
    }
    super.bind(holder);
    timeoutInUse = Timeout.ofMilliseconds(holder.getSocket().getSoTimeout());
  }

  @Override
  public @Nullable Socket getSocket() {
    SocketHolder holder = getSocketHolder();
    return holder == null ? null : holder.getSocket();
  }

  @Override
  public @Nullable SSLSession getSSLSession() {
    return getSocket() instanceof SSLSocket socket ? socket.getSession() : null;
  }

  @Override
  public void setSocketTimeout(Timeout timeout) {
    super.setSocketTimeout(timeout);
    timeoutInUse = timeout;
  }

  @Override
  public void passivate() {
    super.setSocketTimeout(Timeout.INFINITE);
  }

  @Override
  public void activate() {
    super.setSocketTimeout(timeoutInUse);
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      super.close();
    }
  }

  @Override
  public void close(CloseMode mode) {
    if (closed.compareAndSet(false, true)) {
      super.close(mode);
    }
  }
}
