package dev.acuse;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A table has one owner: only the SQL of that package names it, so that a change of a table is a
 * change of one package.
 */
class TableNamesTest {
  private static final String ACCOUNT = "account";
  private static final String INBOX = "inbox";
  private static final String AUDIT = "audit";
  private static final String PAYMENT = "payment";
  private static final String EFFECT = "effect";
  private static final String DISPUTE = "dispute";
  private static final String RECONCILIATION = "mercadopago.reconciliation";
  private static final String ALERT = "alert";
  private static final String ACCESS = "access";
  private static final String CONSOLE = "console.session";

  /**
   * Of the pause only the version before reads and writes: there a row of the migrations is the
   * fence.
   */
  private static final String MIGRATIONS = "none";

  private static final Map<String, String> OWNERS =
      Map.ofEntries(
          entry("webhook_events", INBOX),
          entry("webhook_attempts", INBOX),
          entry("webhook_leases", INBOX),
          entry("claim_turn", INBOX),
          entry("unhandled_events", INBOX),
          entry("inbox_pause", MIGRATIONS),
          entry("inbox_fence", INBOX),
          entry("schema_floor", "database"),
          entry("tag_carry_over", PAYMENT),
          entry("inbox_hold", INBOX),
          entry("mp_orders", "order"),
          entry("mp_order_payments", "order"),
          entry("effects", EFFECT),
          entry("effect_reasons", EFFECT),
          entry("disputes", DISPUTE),
          entry("dispute_payments", DISPUTE),
          entry("intake_runs", INBOX),
          entry("operator_actions", AUDIT),
          entry("checkouts", PAYMENT),
          entry("payments", PAYMENT),
          entry("crm_tags", PAYMENT),
          entry("reconciliation_state", RECONCILIATION),
          entry("reconciliation_runs", RECONCILIATION),
          entry("reconciliation_findings", RECONCILIATION),
          entry("alerts", ALERT),
          entry("alert_messages", ALERT),
          entry("alert_mutes", ALERT),
          entry("console_sessions", CONSOLE),
          entry("applications", ACCOUNT),
          entry("accounts", ACCOUNT),
          entry("account_settings", ACCOUNT),
          entry("people", ACCESS),
          entry("person_accounts", ACCESS),
          entry("api_keys", ACCESS),
          entry("api_key_accounts", ACCESS));

  /**
   * The packages that may name any table. {@code recovery} makes a new file of what can be read of
   * a broken one: it copies rows, not payments or events, and mends links from table to table.
   */
  private static final Set<String> EXEMPT = Set.of("recovery", "recovery.file", "recovery.journal");

  private static final Path SOURCE = Path.of("src/main/java/dev/acuse");
  private static final Path SCHEMA = Path.of("docs/reference/schema-h2.sql");

  private static final Pattern TABLE = Pattern.compile("(?m)^CREATE TABLE (\\w+)");
  private static final Pattern SQL =
      Pattern.compile("\\b(SELECT|INSERT|UPDATE|DELETE|FROM|JOIN|INTO)\\b");

  /** A comment, a character, a text block or a string, in this order. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*|/\\*.*?\\*/|'(?:\\\\.|[^'\\\\])+'"
              + "|\"\"\"(?<block>.*?)(?<!\\\\)\"\"\"|\"(?<text>(?:\\\\.|[^\"\\\\])*+)\"",
          Pattern.DOTALL);

  @Test
  void everyTableHasAnOwner() throws Exception {
    Set<String> tables = new TreeSet<>();
    Matcher table = TABLE.matcher(Files.readString(SCHEMA));
    while (table.find()) {
      tables.add(table.group(1));
    }

    assertThat(OWNERS.keySet()).isEqualTo(tables);
  }

  @Test
  void onlyTheOwnerOfATableNamesItInSql() throws Exception {
    Map<String, Set<String>> named = new TreeMap<>();
    Map<String, Set<String>> allowed = new TreeMap<>();
    OWNERS.forEach(
        (table, owner) -> {
          if (!owner.equals(MIGRATIONS)) {
            allowed.put(table, Set.of(owner));
          }
        });
    for (Path file : sources()) {
      String home = SOURCE.relativize(file.getParent()).toString().replace('/', '.');
      if (!EXEMPT.contains(home)) {
        for (String table : tablesIn(Files.readString(file))) {
          // Elsewhere the file tells more than its package does.
          boolean owned = home.equals(OWNERS.get(table));
          named
              .computeIfAbsent(table, any -> new TreeSet<>())
              .add(owned ? home : SOURCE.relativize(file).toString());
        }
      }
    }

    assertThat(named).isEqualTo(allowed);
  }

  @Test
  void aNameIsFoundInSqlAndNotInATextOrAnAddress() {
    assertThat(tablesIn("q(\"SELECT id FROM payments\")")).containsExactly("payments");
    assertThat(tablesIn("q(\"SELECT id FROM\"\n + \" checkouts\")")).containsExactly("checkouts");
    assertThat(tablesIn("q(\"\"\"\n SELECT 1\n FROM alerts a\"\"\")")).containsExactly("alerts");
    assertThat(tablesIn("String table = \"crm_tags\";")).containsExactly("crm_tags");
    assertThat(tablesIn("@Path(\"/v1/payments\") // FROM payments")).isEmpty();
    assertThat(tablesIn("/** SELECT of {@code crm_tags} */ log(\"alerts are muted\")")).isEmpty();
  }

  /** A name of two words is no word of a text, so it counts outside of SQL as well. */
  private static Set<String> tablesIn(String source) {
    Set<String> tables = new TreeSet<>();
    for (String text : texts(source)) {
      boolean sql = SQL.matcher(text).find();
      for (String table : OWNERS.keySet()) {
        if ((sql || table.contains("_"))
            && Pattern.compile("\\b" + table + "\\b").matcher(text).find()) {
          tables.add(table);
        }
      }
    }
    return tables;
  }

  /** The string literals of a file; literals with only a plus between them are one. */
  private static List<String> texts(String source) {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int end = 0;
    Matcher token = TOKEN.matcher(source);
    while (token.find()) {
      String block = token.group("block");
      String literal = block == null ? token.group("text") : block;
      if (literal != null) {
        if (!source.substring(end, token.start()).strip().equals("+")) {
          texts.add(text.toString());
          text.setLength(0);
        }
        text.append(literal);
        end = token.end();
      }
    }
    texts.add(text.toString());
    return texts;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
