package dev.acuse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Reads the schema of an H2 database from what H2 itself would write as a script. */
final class H2Schema {
  private static final String NAME = "\"PUBLIC\"\\.(\"\\w+\")";
  private static final Pattern TABLE =
      Pattern.compile("CREATE CACHED TABLE " + NAME + "\\(\\n(.*)\\n\\)", Pattern.DOTALL);
  private static final Pattern COLUMN = Pattern.compile(" +(\"\\w+\") (.*?),?");
  private static final Pattern CONSTRAINT =
      Pattern.compile("ALTER TABLE " + NAME + " ADD CONSTRAINT " + NAME + " (.*)");
  private static final Pattern REFERENCED = Pattern.compile("REFERENCES " + NAME);
  private static final Pattern ABOUT =
      Pattern.compile(
          "(?:CREATE (?:UNIQUE )?INDEX \\S+ ON|INSERT INTO) " + NAME + "[ (].*", Pattern.DOTALL);

  /** In the order in which a table tells them. */
  private static final List<String> KINDS = List.of("PRIMARY", "UNIQUE", "CHECK", "FOREIGN");

  private final Map<String, Map<String, String>> columns = new TreeMap<>();
  private final Map<String, Map<String, String>> constraints = new TreeMap<>();
  private final Map<String, Set<String>> references = new TreeMap<>();
  private final Map<String, Map<String, String>> after = new TreeMap<>();
  private final List<String> rest = new ArrayList<>();

  private H2Schema() {}

  /** The schema, each part as H2 writes it, so that nothing of it is lost. */
  static SchemaScript read(Handle handle) {
    var schema = new H2Schema();
    handle.createQuery("SCRIPT").mapTo(String.class).stream()
        .filter(statement -> !statement.startsWith("--") && !statement.startsWith("CREATE USER"))
        .filter(statement -> !statement.contains("\"DATABASECHANGELOG"))
        .map(statement -> statement.replaceFirst(";$", ""))
        .forEach(schema::add);
    return new SchemaScript(
        schema.columns.keySet().stream().map(schema::table).toList(), schema.rest);
  }

  private void add(String statement) {
    Matcher table = TABLE.matcher(statement);
    Matcher constraint = CONSTRAINT.matcher(statement);
    Matcher about = ABOUT.matcher(statement);
    if (table.matches()) {
      Map<String, String> definitions = new LinkedHashMap<>();
      table.group(2).lines().forEach(line -> addColumn(definitions, line));
      columns.put(table.group(1), definitions);
    } else if (constraint.matches()) {
      addConstraint(constraint.group(1), constraint.group(2), constraint.group(3));
    } else if (about.matches()) {
      of(after, about.group(1)).put(statement, statement);
    } else {
      rest.add(statement);
    }
  }

  private static void addColumn(Map<String, String> definitions, String line) {
    Matcher column = COLUMN.matcher(line);
    if (!column.matches()) {
      throw new IllegalStateException("this is no column: " + line);
    }
    definitions.put(column.group(1), column.group(2));
  }

  private void addConstraint(String table, String name, String definition) {
    int kind = KINDS.indexOf(definition.replaceFirst("[ (].*", ""));
    // H2 makes a name up, another one each time, where the migration gives none.
    String named = name.startsWith("\"CONSTRAINT_") ? "" : "CONSTRAINT " + name + " ";
    of(constraints, table).put(kind + named, named + definition);
    Matcher referenced = REFERENCED.matcher(definition);
    if (referenced.find()) {
      references.computeIfAbsent(table, any -> new HashSet<>()).add(referenced.group(1));
    }
  }

  private static Map<String, String> of(Map<String, Map<String, String>> parts, String table) {
    return parts.computeIfAbsent(table, any -> new TreeMap<>());
  }

  private SchemaScript.Table table(String name) {
    return new SchemaScript.Table(
        name,
        columns.getOrDefault(name, Map.of()),
        values(constraints, name),
        references.getOrDefault(name, Set.of()),
        "",
        values(after, name));
  }

  private static List<String> values(Map<String, Map<String, String>> parts, String table) {
    Collection<String> values = parts.getOrDefault(table, Map.of()).values();
    return List.copyOf(values);
  }

  /** Without what H2 takes for granted, and as people write it. */
  static String readable(String script) {
    String plain =
        script
            .replace("\"PUBLIC\".", "")
            .replace("(START WITH 1)", "")
            .replace(" NULLS FIRST", "")
            .replace(" NULLS DISTINCT", "")
            .replace(" NOCHECK", "")
            .replace("CHARACTER VARYING", "VARCHAR")
            .replace("BINARY VARYING", "VARBINARY")
            .replace(" IN(", " IN (")
            .replace(" VALUES\n(", " VALUES (")
            .replace("CHECK(", "CHECK (")
            .replace("KEY(", "KEY (")
            .replace("\"(", "\" (");
    return Pattern.compile("\"(\\w+)\"")
        .matcher(plain)
        .replaceAll(name -> name.group(1).toLowerCase(Locale.ROOT));
  }
}
