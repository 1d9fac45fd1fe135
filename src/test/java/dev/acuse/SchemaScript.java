package dev.acuse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A schema as a script that makes it.
 *
 * @param rest statements that need the tables, in order
 */
record SchemaScript(List<Table> tables, List<String> rest) {
  /**
   * One table.
   *
   * @param columns the definition by the name, in order
   * @param constraints in order
   * @param references tables that must be there before
   * @param options what follows the closing parenthesis
   * @param after statements about this table alone, such as its indexes
   */
  record Table(
      String name,
      Map<String, String> columns,
      List<String> constraints,
      Set<String> references,
      String options,
      List<String> after) {

    private String text() {
      int width = columns.keySet().stream().mapToInt(String::length).max().orElseThrow();
      String lines =
          Stream.concat(
                  columns.entrySet().stream()
                      .map(column -> pad(column.getKey(), width) + column.getValue()),
                  constraints.stream())
              .map(line -> "  " + line)
              .collect(Collectors.joining(",\n"));
      return Stream.concat(
              Stream.of("CREATE TABLE " + name + " (\n" + lines + "\n)" + options), after.stream())
          .map(statement -> statement + ";\n")
          .collect(Collectors.joining());
    }

    private static String pad(String name, int width) {
      return name + " ".repeat(width - name.length() + 1);
    }
  }

  /** By name, but each table after those that it refers to. */
  String text() {
    List<Table> left = new ArrayList<>(tables);
    // As the names are written, not as an engine quotes them: so both files have the same order.
    left.sort(
        Comparator.comparing(table -> table.name().replace("\"", "").toLowerCase(Locale.ROOT)));
    Set<String> written = new HashSet<>();
    List<String> texts = new ArrayList<>();
    while (!left.isEmpty()) {
      Table next =
          left.stream()
              .filter(table -> written.containsAll(table.references()))
              .findFirst()
              .orElseThrow();
      left.remove(next);
      written.add(next.name());
      texts.add(next.text());
    }
    rest.forEach(statement -> texts.add(statement + ";\n"));
    return String.join("\n", texts);
  }
}
