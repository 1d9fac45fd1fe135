package dev.acuse.console;

import dev.acuse.console.session.Cookies;
import dev.acuse.console.session.Sessions;
import dev.acuse.console.session.Visitor;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an open page that something changed, by server-sent events; what, the page asks for itself.
 * Only the version goes over the line: no data of anybody.
 */
@Path("/console/stream")
public final class StreamResource {
  private static final Logger LOGGER = LoggerFactory.getLogger(StreamResource.class);

  /** Below the idle time-out of the connector, and a proxy's. */
  private static final long HEARTBEAT_MILLIS = 3000;

  /**
   * Jersey keeps this much back before it sends anything, whatever is flushed (its {@code
   * OUTBOUND_CONTENT_LENGTH_BUFFER}): the stream begins with a comment that fills it.
   */
  private static final int BUFFER = 8192;

  private static final String EVENTS = "text/event-stream";

  private static final Duration COME_BACK = Duration.ofSeconds(10);

  /** As long as a stream may outlive the session that it was begun in. */
  private static final long CHECK_NANOS = Duration.ofSeconds(5).toNanos();

  private final LiveFeed feed;
  private final VisitorVersions versions;
  private final Sessions sessions;

  StreamResource(LiveFeed feed, VisitorVersions versions, Sessions sessions) {
    this.feed = feed;
    this.versions = versions;
    this.sessions = sessions;
  }

  /** What Jersey would answer by a stream of which nothing is sent, and which never ends. */
  @HEAD
  public Response head() {
    return Response.ok().type(EVENTS).build();
  }

  /** The stream, until either side ends it or the visitor's session ends. */
  @GET
  public Response stream(@Context ContainerRequestContext request) {
    if (feed.isOver() || !feed.enter()) {
      throw ProblemException.of(ProblemCode.UNAVAILABLE, "Too many pages are open.")
          .retryAfter(COME_BACK);
    }
    Visitor visitor = Visitor.of(request);
    String session = visitor.knownByCookie() ? Cookies.read(request, Cookies.SESSION) : null;
    return Response.ok((StreamingOutput) out -> write(out, visitor, session), EVENTS).build();
  }

  /** A look that fails says nothing; the next one will. */
  private boolean isOver(@Nullable String session) {
    try {
      return session != null && !sessions.isGoingOn(session);
    } catch (RuntimeException e) {
      LOGGER.debug("whether a session goes on is not known", e);
      return false;
    }
  }

  private void write(OutputStream out, Visitor visitor, @Nullable String session) {
    long checked = System.nanoTime();
    try {
      String known = feed.latest();
      String seen = versions.of(visitor, known);
      send(out, ":" + " ".repeat(BUFFER) + "\nretry: 1000\n\n");
      while (!feed.isOver()) {
        // What happens to what the visitor does not see changes nothing in what is sent, nor when.
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
        String now = seen;
        long left = HEARTBEAT_MILLIS;
        while (now.equals(seen) && left > 0 && !feed.isOver()) {
          known = feed.await(known, left);
          now = versions.of(visitor, known);
          left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        // A comment shows that we are there, and finds out whether the viewer still is.
        send(
            out,
            now.equals(seen) ? ":\n\n" : "event: change\nid: " + now + "\ndata: " + now + "\n\n");
        seen = now;
        if (System.nanoTime() - checked >= CHECK_NANOS) {
          checked = System.nanoTime();
          if (isOver(session)) {
            return;
          }
        }
      }
    } catch (IOException e) {
      LOGGER.debug("a page was closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      feed.leave();
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
