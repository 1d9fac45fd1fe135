package dev.acuse.recovery.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

/** What H2's own maps say of the others: which are tables and indexes, and of what columns. */
final class H2Catalogue {
  /** The columns of the table of what was created. */
  static final int COLUMNS = 4;

  private static final String TABLE = "name.table.";
  private static final String INDEX = "name.index.";
  private static final String CATALOGUE = "0";
  private static final Pattern CREATE =
      Pattern.compile("^CREATE CACHED TABLE \"PUBLIC\"\\.\"([A-Z_0-9]+)\"\\(");
  private static final Pattern CREATE_INDEX =
      Pattern.compile("^CREATE [A-Z ]+ \"PUBLIC\"\\.\"[^\"]+\" ON \"PUBLIC\"\\.\"[^\"]+\"\\(");
  private static final Pattern COLUMN = Pattern.compile("(?m)^\\s*\"([A-Z_0-9]+)\" ");
  private static final Pattern INDEXED = Pattern.compile("\"[^\"]+\"");

  /**
   * A table.
   *
   * @param columns in the order of a row's values
   */
  record Table(String name, List<String> columns) {}

  private final Map<Integer, String> tableIds = new HashMap<>();
  private final Map<Integer, String> indexIds = new HashMap<>();
  private final Map<String, Table> tables = new TreeMap<>();
  private final Map<String, Integer> indexes = new TreeMap<>();

  /** What H2 calls a map; of several the first holds. */
  void name(String name, String id) {
    if (name.startsWith(TABLE)) {
      tableIds.putIfAbsent(Integer.parseInt(id, 16), name.substring(TABLE.length()));
    } else if (name.startsWith(INDEX)) {
      indexIds.putIfAbsent(Integer.parseInt(id, 16), name.substring(INDEX.length()));
    }
  }

  /** Whether this map is the table of what was created. */
  boolean isCatalogue(int mapId) {
    return CATALOGUE.equals(tableIds.get(mapId));
  }

  /** A row of what was created; of several the first holds. */
  void created(List<Value> row) {
    String id = String.valueOf(row.get(0).getInt());
    String sql = String.valueOf(row.get(COLUMNS - 1).getString());
    Matcher create = CREATE.matcher(sql);
    Matcher index = CREATE_INDEX.matcher(sql);
    if (create.find()) {
      List<String> columns = new ArrayList<>();
      Matcher column = COLUMN.matcher(sql.substring(create.end()));
      while (column.find()) {
        columns.add(column.group(1));
      }
      tables.putIfAbsent(id, new Table(create.group(1), List.copyOf(columns)));
    } else if (index.find()) {
      String columns = sql.substring(index.end());
      indexes.putIfAbsent(id, (int) INDEXED.matcher(columns).results().count());
    }
  }

  /** The table whose rows a map holds; null for another map. */
  @Nullable Table table(int mapId) {
    return tables.get(String.valueOf(tableIds.get(mapId)));
  }

  /** How many values stand in a key of a map that is an index; 0 for another map. */
  int indexed(int mapId) {
    return indexes.getOrDefault(String.valueOf(indexIds.get(mapId)), 0);
  }
}
