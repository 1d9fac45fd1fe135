package dev.acuse.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses bodies that are too large or encoded. Counts what is read, because a chunked body does
 * not say how long it is, and neither Dropwizard nor Jetty's own limit answers that one with 413.
 */
final class BoundedBodyFilter implements ContainerRequestFilter {
  /** In bytes. The API's largest request is a checkout, far below this. */
  static final long DEFAULT_LIMIT = 64 * 1024;

  private final long limit;

  /**
   * @param limit how many bytes a body may have
   */
  BoundedBodyFilter(long limit) {
    this.limit = limit;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String encoding = request.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw ProblemException.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }
    if (request.getLength() > limit) {
      throw ProblemException.of(ProblemCode.PAYLOAD_TOO_LARGE);
    }
    if (request.hasEntity()) {
      request.setEntityStream(new CountingStream(request.getEntityStream(), limit));
    }
  }

  /** Puts the filter before every resource of the API, and before no other. */
  static final class Feature implements DynamicFeature {
    private final BoundedBodyFilter filter;

    Feature(BoundedBodyFilter filter) {
      this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
      if (ApiScope.covers(resource)) {
        context.register(filter);
      }
    }
  }

  /** More was sent than may be read. */
  static final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private BodyTooLargeException() {
      super("the body is over the limit");
    }
  }

  private static final class CountingStream extends FilterInputStream {
    private long left;

    CountingStream(InputStream body, long limit) {
      super(body);
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      return next < 0 ? next : count(1, next);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      return read < 0 ? read : count(read, read);
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      count((int) skipped, 0);
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private int count(int read, int result) throws BodyTooLargeException {
      left -= read;
      if (left < 0) {
        throw new BodyTooLargeException();
      }
      return result;
    }
  }
}
