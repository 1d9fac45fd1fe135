package dev.acuse.http;

import io.dropwizard.core.setup.Environment;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Where {@code useForwardedHeaders} is on, takes of each {@code X-Forwarded-…} header the last
 * value, because that is what the proxy wrote that is connected to us. Jetty takes the first, which
 * the sender writes himself if the proxy appends to what it gets, as nginx does by {@code
 * $proxy_add_x_forwarded_for}: one sender could pass for many.
 */
final class NearestProxy implements HttpConfiguration.Customizer {
  private static final String PREFIX = "x-forwarded-";

  /** Not the name of a header: few proxies write {@code Forwarded}, and then a sender may. */
  private static final String NO_HEADER = "(none)";

  private final ForwardedRequestCustomizer jettys = new ForwardedRequestCustomizer();

  private NearestProxy() {
    jettys.setForwardedHeader(NO_HEADER);
  }

  /** For all connectors that use such headers, before they open. */
  static void install(Environment environment) {
    HttpSettings.change(
        environment,
        settings ->
            settings
                .getCustomizers()
                .replaceAll(
                    one -> one instanceof ForwardedRequestCustomizer ? new NearestProxy() : one));
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable answer) {
    HttpFields sent = request.getHeaders();
    Map<String, String> last = new TreeMap<>();
    for (HttpField field : sent) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        String value = String.valueOf(field.getValue());
        last.put(name, value.substring(value.lastIndexOf(',') + 1).strip());
      }
    }
    return last.isEmpty() ? request : jettys.customize(new Shown(request, last), answer);
  }

  /** A request as the nearest proxy tells of it. */
  private static final class Shown extends Request.Wrapper {
    private final HttpFields headers;

    Shown(Request request, Map<String, String> last) {
      super(request);
      HttpFields.Mutable shown = HttpFields.build(request.getHeaders());
      last.forEach(shown::put);
      this.headers = shown.asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }
}
