package dev.acuse.http.connection;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Tells {@link Connections} what happens on one of Jetty's connectors. */
final class ConnectionWatch
    implements SelectorManager.AcceptListener, Connection.Listener, HttpConfiguration.Customizer {
  private final Connections connections;
  private final ServerConnector connector;

  private ConnectionWatch(Connections connections, ServerConnector connector) {
    this.connections = connections;
    this.connector = connector;
  }

  /** Begins before the connector does. */
  static void install(Connections connections, ServerConnector connector) {
    var watch = new ConnectionWatch(connections, connector);
    connector.addEventListener(watch);
    var factories = connector.getContainedBeans(HttpConfiguration.ConnectionFactory.class);
    if (factories.isEmpty()) {
      throw new IllegalStateException("a connector that does not speak HTTP: " + connector);
    }
    factories.forEach(factory -> factory.getHttpConfiguration().addCustomizer(watch));
  }

  @Override
  public void onAccepting(SelectableChannel accepted) {
    if (accepted instanceof SocketChannel channel) {
      boolean plain = !(connector.getDefaultConnectionFactory() instanceof SslConnectionFactory);
      connections.admit(channel, plain, connector.getExecutor());
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    onClosed(channel);
  }

  @Override
  public void onClosed(SelectableChannel closed) {
    if (closed instanceof SocketChannel channel) {
      connections.remove(channel);
    }
  }

  /** What TLS wraps is a connection too, but no second one of its sender. */
  @Override
  public void onOpened(Connection connection) {
    EndPoint endPoint = connection.getEndPoint();
    if (!(endPoint.getTransport() instanceof SocketChannel channel)) {
      return;
    }
    OpenConnection open = connections.find(channel);
    if (open == null) {
      // It had to go before it had begun.
      endPoint.close();
    } else {
      open.opened(connection);
    }
  }

  /** A request's head has come. */
  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    OpenConnection open = find(request.getConnectionMetaData().getConnection().getEndPoint());
    if (open != null) {
      boolean hasBody =
          request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
      open.headCame(hasBody, System.nanoTime());
      request.addHttpStreamWrapper(stream -> new Watched(stream, open));
    }
    return request;
  }

  private @Nullable OpenConnection find(EndPoint endPoint) {
    Object transport = endPoint.getTransport();
    while (transport instanceof EndPoint wrapped) {
      transport = wrapped.getTransport();
    }
    return transport instanceof SocketChannel channel ? connections.find(channel) : null;
  }

  /** The rest of a request, and its answer. */
  private static final class Watched extends HttpStream.Wrapper {
    private final OpenConnection open;

    Watched(HttpStream stream, OpenConnection open) {
      super(stream);
      this.open = open;
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk != null && chunk.isLast()) {
        open.bodyCame(System.nanoTime());
      }
      return chunk;
    }

    // Before the connection looks for its next request.
    @Override
    public void succeeded() {
      open.answered(System.nanoTime());
      super.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
      open.answered(System.nanoTime());
      super.failed(failure);
    }
  }
}
