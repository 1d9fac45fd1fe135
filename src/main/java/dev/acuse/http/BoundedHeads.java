package dev.acuse.http;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.metrics.jetty12.InstrumentedConnectionFactory;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.Container;

/**
 * Speaks HTTP as Jetty does, but refuses with 431 a request of very many header lines, when the
 * first line too many has come. Jetty bounds bytes alone, and a line of five bytes takes some 130
 * of memory: the heads of 2,000 connections that are not finished would take 430 MB.
 */
final class BoundedHeads extends HttpConnectionFactory {
  /** Of a head and of trailers, together. Senders and proxies send below 60. */
  static final int MOST_LINES = 100;

  private BoundedHeads(HttpConnectionFactory asked) {
    super(asked.getHttpConfiguration());
    setInputBufferSize(asked.getInputBufferSize());
    setTransferEncodingChunkMaxLength(asked.getTransferEncodingChunkMaxLength());
  }

  /** For all connectors, before they open. */
  static void install(Environment environment) {
    ServerStart.before(
        environment,
        server -> {
          for (Connector connector : server.getConnectors()) {
            replaceIn((ServerConnector) connector, environment.metrics());
          }
        });
  }

  private static void replaceIn(ServerConnector connector, MetricRegistry metrics) {
    ConnectionFactory factory = connector.getConnectionFactory("http/1.1");
    if (factory instanceof HttpConnectionFactory plain) {
      connector.addConnectionFactory(new BoundedHeads(plain));
    } else if (factory instanceof Container measured) {
      // Dropwizard measures connections by a factory around Jetty's.
      var bounded = new BoundedHeads(measured.getBean(HttpConnectionFactory.class));
      connector.addConnectionFactory(
          new InstrumentedConnectionFactory(bounded, metrics.timer(timerOf(connector))));
    } else {
      throw new IllegalStateException("a connector that does not speak HTTP: " + connector);
    }
  }

  /** As Dropwizard names it, so that it goes on with the timer that is there. */
  private static String timerOf(ServerConnector connector) {
    return MetricRegistry.name(
        HttpConnectionFactory.class,
        connector.getHost(),
        Integer.toString(connector.getPort()),
        "connections");
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    var connection = new Bounded(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  /** One connection. */
  private static final class Bounded extends HttpConnection {
    Bounded(HttpConfiguration settings, Connector connector, EndPoint endPoint) {
      super(settings, connector, endPoint);
    }

    // Asked for by Jetty's constructor: it must not need anything of this class.
    @Override
    protected RequestHandler newRequestHandler() {
      return new Counting();
    }

    /** Is told of each line as it is parsed. */
    private final class Counting extends RequestHandler {
      private int lines;

      @Override
      public void messageBegin() {
        lines = 0;
        super.messageBegin();
      }

      @Override
      public void parsedHeader(HttpField field) {
        count();
        super.parsedHeader(field);
      }

      @Override
      public void parsedTrailer(HttpField field) {
        count();
        super.parsedTrailer(field);
      }

      private void count() {
        lines++;
        if (lines > MOST_LINES) {
          throw new HttpException.RuntimeException(
              HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "too many header lines");
        }
      }
    }
  }
}
