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
import org.jspecify.annotations.Nullable;

/** Makes a delivery of an HTTP request. */
final class Deliveries {
  private Deliveries() {}

  /**
   * @param account the name in its address; null if it has none
   * @param request as it came, or as {@link LenientHeadersFilter} passes it on
   */
  static Delivery of(HttpServletRequest request, byte[] body, @Nullable String account) {
    HttpServletRequest original = LenientHeadersFilter.original(request);
    return new Delivery(body, original.getQueryString(), headers(original), account);
  }

  /** A delivery whose body has not been read yet. */
  static Delivery headOf(Request request, @Nullable String account) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      headers
          .computeIfAbsent(field.getLowerCaseName(), name -> new ArrayList<>())
          .add(value == null ? "" : value);
    }
    return new Delivery(new byte[0], request.getHttpURI().getQuery(), headers, account);
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
