package dev.acuse.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a search, as they stand in the address. Not thread-safe. */
final class Fields {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** A field that is not filled in is left out. */
  void put(String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  Map<String, String> values() {
    return values;
  }

  /** Empty, or with its {@code ?}. */
  String query() {
    String pairs =
        values.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return pairs.isEmpty() ? "" : "?" + pairs;
  }
}
