package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Accounts, people and keys of a broken H2 file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RebuiltAccountsTest {
  private static final int HEADERS = 8_192;

  private BrokenInbox inbox = new BrokenInbox(Path.of(""));
  private byte[] image = {};

  @BeforeAll
  void fill(@TempDir Path folder) throws Exception {
    inbox = new BrokenInbox(folder);
    inbox.fill(40);
    image = inbox.image();
    for (String change :
        List.of(
            "UPDATE accounts SET display_name = 'La tienda', mp_user_id = '1000' WHERE id = 1",
            "INSERT INTO applications (uuid, name, created_at, updated_at) VALUES ('u', 'agency',"
                + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
            "INSERT INTO accounts (uuid, name, display_name, state, application_id, access_token,"
                + " created_at, updated_at) VALUES ('v', 'b', 'B', 'paused', 2, 'v1:sealed',"
                + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
            "UPDATE account_settings SET version = 7, key_check = 'v1:check'",
            "INSERT INTO people (name, password_hash, role, all_accounts, created_at, created_by,"
                + " updated_at) VALUES ('ana', 'h', 'viewer', FALSE, CURRENT_TIMESTAMP, 'root',"
                + " CURRENT_TIMESTAMP)",
            "INSERT INTO person_accounts (person_id, account_id) VALUES (1, 2)",
            "INSERT INTO api_keys (name, role, hash, tail, all_accounts, created_at, created_by)"
                + " VALUES ('k', 'read', 'hash', 'tail', FALSE, CURRENT_TIMESTAMP, 'root')",
            "INSERT INTO api_key_accounts (key_id, account_id) VALUES (1, 2)")) {
      image = inbox.changed(image, change);
    }
  }

  private List<String> rows(String sql) {
    var pool = JdbcConnectionPool.create("jdbc:h2:file:" + inbox.files().base(), "sa", "");
    try {
      return Jdbi.create(pool)
          .withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
    } finally {
      pool.dispose();
    }
  }

  private void assertAccountsAreThere() {
    assertThat(
            rows(
                "SELECT id || ' ' || name || ' ' || display_name || ' ' || state || ' '"
                    + " || COALESCE(access_token, mp_user_id) FROM accounts ORDER BY id"))
        .containsExactly("1 main La tienda active 1000", "2 b B paused v1:sealed");
    assertThat(rows("SELECT name FROM applications ORDER BY id")).containsExactly("main", "agency");
  }

  @Test
  void whatH2StillReadsIsThereAsItWas() throws Exception {
    inbox.startOn(
        inbox.changed(
            image,
            "UPDATE databasechangelog SET exectype = 'EHECUTED' WHERE id = '0001-checkout'"));

    assertThat(inbox.files().report()).exists();
    assertAccountsAreThere();
    assertThat(rows("SELECT version || key_check FROM account_settings"))
        .containsExactly("7v1:check");
    assertThat(rows("SELECT name FROM people JOIN person_accounts ON person_id = id"))
        .containsExactly("ana");
    assertThat(rows("SELECT name FROM api_keys JOIN api_key_accounts ON key_id = id"))
        .containsExactly("k");
  }

  /** A page may be older than a revocation: what lets somebody in does not come of pages. */
  @Test
  void ofPagesAccountsComeAndTheServiceIsToldToLookAtItsFile() throws Exception {
    byte[] bad = image.clone();
    Arrays.fill(bad, 0, HEADERS, (byte) 7);

    inbox.startOn(bad);

    assertAccountsAreThere();
    assertThat(rows("SELECT version FROM account_settings")).containsExactly("-1");
    assertThat(rows("SELECT name FROM api_keys")).isEmpty();
    assertThat(rows("SELECT name FROM people")).isEmpty();
  }

  @Test
  void withoutAnyFileThereIsMain() throws Exception {
    inbox.startOn(new byte[100_000]);

    assertThat(rows("SELECT id || name FROM accounts")).containsExactly("1main");
    assertThat(rows("SELECT id || name FROM applications")).containsExactly("1main");
    assertThat(rows("SELECT version FROM account_settings")).containsExactly("-1");
  }
}
