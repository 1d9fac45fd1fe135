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

/** Makes a delivery of an HTTP request. */
final class Deliveries {
  private Deliveries() {}

  /**
   * @param request as it came, or as {@link LenientHeadersFilter} passes it on
   */
  static Delivery of(HttpServletRequest request, byte[] body) {
    HttpServletRequest original = LenientHeadersFilter.original(request);
    return new Delivery(body, original.getQueryString(), headers(original));
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
    return new Delivery(new byte[0], request.getHttpURI().getQuery(), headers);
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
