package dev.acuse.http;

import io.dropwizard.core.setup.Environment;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Refuses with 400, on every port and whatever {@code httpCompliance} says, requests whose end a
 * proxy in front may see elsewhere than Jetty: what is a body to the one is a second request to the
 * other, past all that the proxy checks. No client of today sends any of these.
 */
final class UnambiguousFraming implements HttpConfiguration.Customizer {
  /** What Jetty can be told to overlook, and must not (RFC 9112, 2.2, 5, 6 and 7.1). */
  private static final Violation[] NEVER = {
    Violation.HTTP_0_9,
    Violation.MULTILINE_FIELD_VALUE,
    Violation.MULTIPLE_CONTENT_LENGTHS,
    Violation.TRANSFER_ENCODING_WITH_CONTENT_LENGTH,
    Violation.WHITESPACE_AFTER_FIELD_NAME,
    Violation.NO_COLON_AFTER_FIELD_NAME,
    Violation.DUPLICATE_HOST_HEADERS,
    Violation.UNSAFE_HOST_HEADER,
    Violation.LF_HEADER_TERMINATION,
    Violation.LF_CHUNK_TERMINATION,
  };

  private UnambiguousFraming() {}

  /** For all connectors, before they open. */
  static void install(Environment environment) {
    HttpSettings.change(environment, UnambiguousFraming::tighten);
  }

  private static void tighten(HttpConfiguration settings) {
    HttpCompliance asked = settings.getHttpCompliance();
    // RFC 9112, 3.2.2: of an absolute target the host counts, and Host is ignored. Jetty answers
    // 400
    // where the two differ, be it by a port alone. Neither says where a request ends.
    settings.setHttpCompliance(
        asked
            .without(asked.getName() + "_UNAMBIGUOUS", NEVER)
            .with(asked.getName() + "_UNAMBIGUOUS", Violation.MISMATCHED_AUTHORITY));
    settings.addCustomizer(new UnambiguousFraming());
  }

  /**
   * HTTP/1.0 has no Transfer-Encoding (RFC 9112, 6.1); and Jetty takes more than the one word for
   * it, such as the word in quotes.
   */
  @Override
  public @Nullable Request customize(Request request, HttpFields.Mutable answer) {
    List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
    boolean isPlain =
        codings.isEmpty()
            || (codings.size() == 1
                && HttpHeaderValue.CHUNKED.is(codings.get(0))
                && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0);
    if (!isPlain) {
      throw new HttpException.RuntimeException(
          HttpStatus.BAD_REQUEST_400, "a Transfer-Encoding of which the end is not certain");
    }
    return request;
  }
}
