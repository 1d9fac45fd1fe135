package dev.acuse.http;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.EnumSet;

/**
 * Has an answer written when it is whole, by no thread. Jersey tells the length of an answer before
 * it writes it in one piece. Jetty takes such a piece for the last one, and the thread that writes
 * it waits until the receiver has read it. A stranger that reads nothing would hold one thread for
 * each connection.
 *
 * <p>Without the length Jetty collects what fits into its buffer. It writes that, with its length,
 * when the answer is complete, and goes on whenever the connection takes more. A larger answer
 * still holds its thread; no request without a token or a session gets one.
 */
final class BufferedAnswers implements Filter {
  private static final String LENGTH = "Content-Length";
  private static final String EVENTS = "text/event-stream";

  private BufferedAnswers() {}

  /** For everything that the application's port answers. */
  static void install(Environment environment) {
    HttpSettings.change(
        environment, settings -> settings.setOutputAggregationSize(settings.getOutputBufferSize()));
    var filter = environment.servlets().addFilter("buffered-answers", new BufferedAnswers());
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // The answer to HEAD has a length and no body.
    boolean hasBody = !((HttpServletRequest) request).getMethod().equals("HEAD");
    chain.doFilter(request, hasBody ? new WithoutLength((HttpServletResponse) response) : response);
  }

  private static final class WithoutLength extends HttpServletResponseWrapper {
    WithoutLength(HttpServletResponse response) {
      super(response);
    }

    /**
     * Jersey flushes what it closes, and that waits as well. A stream of events must be flushed.
     */
    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      String type = getContentType();
      ServletOutputStream out = super.getOutputStream();
      return type != null && type.startsWith(EVENTS) ? out : new Unflushed(out);
    }

    @Override
    public void setContentLength(int length) {
      // Jetty counts.
    }

    @Override
    public void setContentLengthLong(long length) {
      // Jetty counts.
    }

    @Override
    public void setHeader(String name, String value) {
      if (!name.equalsIgnoreCase(LENGTH)) {
        super.setHeader(name, value);
      }
    }

    @Override
    public void addHeader(String name, String value) {
      if (!name.equalsIgnoreCase(LENGTH)) {
        super.addHeader(name, value);
      }
    }

    @Override
    public void setIntHeader(String name, int value) {
      if (!name.equalsIgnoreCase(LENGTH)) {
        super.setIntHeader(name, value);
      }
    }

    @Override
    public void addIntHeader(String name, int value) {
      if (!name.equalsIgnoreCase(LENGTH)) {
        super.addIntHeader(name, value);
      }
    }
  }

  private static final class Unflushed extends ServletOutputStream {
    private final ServletOutputStream out;

    Unflushed(ServletOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void flush() {
      // The end of the answer does.
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
