package dev.acuse.support;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.Accounts;
import dev.acuse.account.Application;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.HeldSecret;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Two accounts with the same ids, references and contacts, that differ in nothing but a word: what
 * is A's says {@code canary-a} somewhere, what is B's {@code canary-b}.
 */
public final class TwoAccounts {
  /** The id of A, which is {@code main}. */
  public static final long A = 1;

  /** The id of B. */
  public static final long B = 2;

  /** MercadoPago's id of the payment that both have. */
  public static final String PAYMENT = "138400000001";

  /** MercadoPago's id of the order that both have. */
  public static final String ORDER = "ORD01K0000000000000000000001";

  /** The reference of the checkout that both have. */
  public static final String REFERENCE = "order-1";

  /** The address of the payer of both. */
  public static final String EMAIL = "payer@example.test";

  /** The time of all that happened. */
  private final Instant now;

  private final Map<String, Long> ids = new HashMap<>();

  private TwoAccounts(Instant now) {
    this.now = now;
  }

  /** The accounts, with B beside {@code main}. */
  public static Accounts accounts() {
    AccountSet alone = EnvironmentAccount.NONE.alone();
    var b =
        new Account(
            B,
            UUID.fromString("00000000-0000-4000-8000-000000000002"),
            "shop-b",
            "Shop B",
            AccountState.ACTIVE,
            Application.MAIN,
            "222",
            null,
            HeldSecret.NONE,
            HeldSecret.NONE,
            null,
            HeldSecret.NONE,
            null,
            Set.of());
    return Accounts.fixed(new AccountSet(1, List.of(alone.main(), b), alone.applications()));
  }

  /** The same as the readers need them. */
  public static KnownAccounts known() {
    return new KnownAccounts() {
      @Override
      public Set<Long> ids() {
        return Set.of(NO_ACCOUNT, A, B);
      }

      @Override
      public List<Lane> lanesOf(long accountId) {
        return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, null));
      }
    };
  }

  /** Stores B beside {@code main}. */
  public static void store(Jdbi jdbi, Instant now) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              """
              INSERT INTO accounts (id, uuid, name, display_name, state, application_id, mp_user_id,
                live_user_id, created_at, updated_at)
              VALUES (2, '00000000-0000-4000-8000-000000000002', 'shop-b', 'Shop B', 'active', 1,
                '222', '222', ?, ?)
              """,
              now,
              now);
          handle.execute(
              "UPDATE accounts SET mp_user_id = '111', live_user_id = '111' WHERE id = 1");
          handle.execute("UPDATE account_settings SET version = version + 1");
        });
  }

  /** Fills a database with what both have. */
  public static TwoAccounts in(Jdbi jdbi, Instant now) {
    var both = new TwoAccounts(now);
    jdbi.useTransaction(
        handle -> {
          both.fill(handle, A, "canary-a");
          both.fill(handle, B, "canary-b");
        });
    return both;
  }

  /** Our id of something: {@code payment}, {@code checkout}, {@code failed}, … */
  public long id(long account, String what) {
    return Objects.requireNonNull(ids.get(account + what), what);
  }

  private void put(long account, String what, long id) {
    ids.put(account + what, id);
  }

  private void fill(Handle handle, long account, String canary) {
    long checkout =
        insert(
            handle,
            account,
            """
            INSERT INTO checkouts (account_id, external_reference, preference_id, contact_id, title,
              amount, currency, payer_email, status, created_at, updated_at)
            VALUES (:account, 'order-1', 'pref-1', 'contact-1', :canary, 10, 'ARS',
              'payer@example.test', 'paid', :now, :now)
            """,
            canary);
    put(account, "checkout", checkout);
    long payment = payment(handle, account, PAYMENT, checkout, canary, null);
    put(account, "payment", payment);
    put(account, "flagged", payment(handle, account, "138400000002", null, canary, "no_checkout"));
    for (String status : List.of("success", "ignored", "failed", "quarantined", "pending")) {
      long event = event(handle, account, status, payment, "webhook", canary);
      put(account, status, event);
      attempt(handle, account, event, canary);
    }
    for (String state : List.of("failed", "done")) {
      long effect = effect(handle, account, state, canary);
      put(account, "effect-" + state, effect);
      handle
          .createUpdate(
              """
              INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id, created_at)
              VALUES (:effect, :subject, 'approved', 0, :account, :now)
              """)
          .bind("effect", effect)
          .bind("subject", "checkout:" + checkout)
          .bind("account", account)
          .bind("now", now)
          .execute();
    }
    put(account, "action", action(handle, account, canary));
    put(account, "dispute", dispute(handle, account, canary));
    put(account, "order", order(handle, account, canary));
    put(
        account,
        "run",
        insert(
            handle,
            account,
            """
            INSERT INTO reconciliation_runs (account_id, source, cause, dry_run, window_from,
              window_to, reached, status, error, created_at, updated_at, finished_at)
            VALUES (:account, 'mp', 'manual', FALSE, :now, :now, :now, 'done', :canary, :now, :now,
              :now)
            """,
            canary));
  }

  private long insert(Handle handle, long account, String sql, String canary) {
    return key(
        handle.createUpdate(sql).bind("account", account).bind("canary", canary).bind("now", now));
  }

  private static long key(Update update) {
    return update.executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
  }

  private long payment(
      Handle handle,
      long account,
      String mpId,
      @Nullable Long checkout,
      String canary,
      @Nullable String flag) {
    return key(
        handle
            .createUpdate(
                """
                INSERT INTO payments (account_id, mp_payment_id, checkout_id, external_reference,
                  contact_id, status, status_detail, amount, currency, payer_email, mp_updated_at,
                  flag, created_at, updated_at)
                VALUES (:account, :mpId, :checkout, 'order-1', 'contact-1', 'approved', :canary, 10,
                  'ARS', 'payer@example.test', :now, :flag, :now, :now)
                """)
            .bind("account", account)
            .bind("mpId", mpId)
            .bindByType("checkout", checkout, Long.class)
            .bind("canary", canary)
            .bindByType("flag", flag, String.class)
            .bind("now", now));
  }

  private long event(
      Handle handle, long account, String status, Long payment, String origin, String canary) {
    boolean isPending = status.equals("pending");
    return key(
        handle
            .createUpdate(
                """
                INSERT INTO webhook_events (account_id, lane, webhook_id, source, event_type,
                  resource_id, mp_payment_id, preference_id, payment_id, status, max_attempts,
                  next_retry_at, raw_payload, payload_size, query_string, headers, signature,
                  last_delivered_at, origin, last_error, last_error_kind, received_at, updated_at,
                  finished_at)
                VALUES (:account, :lane, :key, 'mp', 'payment', '138400000001', '138400000001',
                  'pref-1', :payment, :status, 4, :due, :body, 10, :canary, :headers, 'verified',
                  :now, :origin, :canary, 'rejected', :now, :now, :ended)
                """)
            .bind("account", account)
            .bind("lane", "mp:" + account)
            .bind("key", "mp:payment:138400000001:" + status)
            .bind("payment", payment)
            .bind("status", status)
            .bindByType("due", isPending ? now : null, Instant.class)
            .bindByType("ended", isPending ? null : now, Instant.class)
            .bind(
                "body",
                ("{\"data\": {\"id\": \"138400000001\"}, \"x\": \"" + canary + "\"}")
                    .getBytes(StandardCharsets.UTF_8))
            .bind("headers", "{\"x-request-id\":\"" + canary + "\"}")
            .bind("origin", origin)
            .bind("canary", canary)
            .bind("now", now));
  }

  private void attempt(Handle handle, long account, long event, String canary) {
    insert(
        handle,
        account,
        """
        INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
          error, steps)
        SELECT %d, 1, 'me', :now, :now, 'failed', :canary, '[]' FROM webhook_events
        WHERE id = %d AND account_id = :account
        """
            .formatted(event, event),
        canary);
  }

  private long effect(Handle handle, long account, String state, String canary) {
    return insert(
        handle,
        account,
        """
        INSERT INTO effects (account_id, family, kind, target, name, wanted, generation, state,
          error, created_at, updated_at)
        VALUES (:account, 'standing', 'tag', 'contact-1', '%s', 'present', 1, '%s', :canary, :now,
          :now)
        """
            .formatted("tag-" + state, state),
        canary);
  }

  private long dispute(Handle handle, long account, String canary) {
    long dispute =
        insert(
            handle,
            account,
            """
            INSERT INTO disputes (account_id, kind, case_key, mp_id, state, reason, deadline,
              next_look_at, created_at, updated_at)
            VALUES (:account, 'chargeback', 'case:217000060000000001', '217000060000000001', 'open',
              :canary, :now, :now, :now, :now)
            """,
            canary);
    handle
        .createUpdate(
            """
            INSERT INTO dispute_payments (dispute_id, mp_payment_id, account_id)
            VALUES (:dispute, :payment, :account)
            """)
        .bind("dispute", dispute)
        .bind("payment", PAYMENT)
        .bind("account", account)
        .execute();
    return dispute;
  }

  private long order(Handle handle, long account, String canary) {
    long order =
        key(
            handle
                .createUpdate(
                    """
                    INSERT INTO mp_orders (account_id, mp_order_id, external_reference, status,
                      status_detail, payment_status, created_at, updated_at)
                    VALUES (:account, :order, 'order-1', 'processed', :canary, 'unknown', :now,
                      :now)
                    """)
                .bind("account", account)
                .bind("order", ORDER)
                .bind("canary", canary)
                .bind("now", now));
    handle
        .createUpdate(
            """
            INSERT INTO mp_order_payments (order_id, mp_payment_id, account_id)
            VALUES (:order, :payment, :account)
            """)
        .bind("order", order)
        .bind("payment", PAYMENT)
        .bind("account", account)
        .execute();
    return order;
  }

  private long action(Handle handle, long account, String canary) {
    return insert(
        handle,
        account,
        """
        INSERT INTO operator_actions (account_id, at, actor, action, target, matched, changed,
          reason, finished_at)
        VALUES (:account, :now, 'ana', 'retry', 'payment 1', 1, 1, :canary, :now)
        """,
        canary);
  }

  /** All that B has, row by row: to be the same before and after what is done for A. */
  public static List<String> rowsOfB(Jdbi jdbi) {
    return jdbi.withHandle(
        handle -> {
          List<String> rows = new ArrayList<>();
          for (String table :
              List.of(
                  "webhook_events",
                  "payments",
                  "checkouts",
                  "effects",
                  "effect_reasons",
                  "disputes",
                  "dispute_payments",
                  "mp_orders",
                  "mp_order_payments",
                  "operator_actions",
                  "reconciliation_runs",
                  "reconciliation_findings")) {
            handle
                .createQuery("SELECT * FROM " + table + " WHERE account_id = " + B)
                .mapToMap()
                .forEach(
                    row -> {
                      row.replaceAll((name, value) -> value instanceof byte[] ? "bytes" : value);
                      rows.add(table + row);
                    });
          }
          rows.sort(null);
          return rows;
        });
  }
}
