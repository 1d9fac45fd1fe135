package dev.acuse.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/** Makes a delivery of an HTTP request. */
final class Deliveries {
  /** Providers send below ten; each takes thirty times its bytes. */
  private static final int MOST_PARAMETERS = 100;

  private Deliveries() {}

  /**
   * @param request as it came, or as {@link LenientHeadersFilter} passes it on
   */
  static Delivery of(HttpServletRequest request, byte[] body) {
    HttpServletRequest original = LenientHeadersFilter.original(request);
    String queryString = original.getQueryString();
    return new Delivery(body, queryString, query(queryString), headers(original));
  }

  /** A delivery whose body has not been read yet. */
  static Delivery headOf(Request request) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      headers
          .computeIfAbsent(field.getLowerCaseName(), name -> new ArrayList<>())
          .add(value == null ? "" : value);
    }
    String queryString = request.getHttpURI().getQuery();
    return new Delivery(new byte[0], queryString, query(queryString), headers);
  }

  static Map<String, List<String>> query(@Nullable String queryString) {
    if (queryString == null || hasTooMany(queryString)) {
      return Map.of();
    }
    try {
      return UriComponent.decodeQuery(queryString, true);
    } catch (IllegalArgumentException e) {
      // A query that cannot be decoded names no resource; the raw text is kept all the same.
      return Map.of();
    }
  }

  private static boolean hasTooMany(String queryString) {
    int parameters = 1;
    for (int at = queryString.indexOf('&'); at >= 0; at = queryString.indexOf('&', at + 1)) {
      parameters++;
    }
    return parameters > MOST_PARAMETERS;
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
