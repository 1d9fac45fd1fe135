package dev.acuse.sandbox;

import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the sandbox's levers read their parameters and refuse them. */
final class Levers {
  private Levers() {}

  static String required(Request request, String name) throws Refusal {
    String value = request.parameter(name);
    if (value == null) {
      throw refusal(400, name + " is missing");
    }
    return value;
  }

  /** {@code true} or {@code false}; null if it is absent. */
  static @Nullable Boolean flag(Request request, String name) throws Refusal {
    String value = request.parameter(name);
    if (value == null) {
      return null;
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw refusal(400, name + " is true or false");
    }
    return Boolean.valueOf(value);
  }

  /** {@code amount}; null if it is absent. */
  static @Nullable BigDecimal amount(Request request) {
    String value = request.parameter("amount");
    return value == null ? null : new BigDecimal(value);
  }

  /**
   * What a parameter lists, with commas between; nothing if it is absent.
   *
   * @param unknown says what is wrong with one that can't be read
   */
  static <T> List<T> each(
      Request request, String name, Function<String, Optional<T>> read, String unknown)
      throws Refusal {
    String value = request.parameter(name);
    var all = new ArrayList<T>();
    for (String one : value == null ? new String[0] : value.split(",", -1)) {
      all.add(read.apply(one.strip()).orElseThrow(() -> refusal(400, unknown + ": " + one)));
    }
    return all;
  }

  /** An address over http or https. */
  static URI address(Request request, String name) throws Refusal {
    try {
      var address = new URI(required(request, name));
      String scheme = address.getScheme();
      if (address.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return address;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw refusal(400, name + " is not an address of http or https");
  }

  static Refusal refusal(int status, String message) {
    return new Refusal(Reply.json(status, Json.object().put("message", message)));
  }
}
