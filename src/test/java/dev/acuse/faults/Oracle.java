package dev.acuse.faults;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What became of a run, by the tables and by the books of MercadoPago and the CRM. Shares no code
 * with the product: plain SQL, and its own idea of what is right.
 */
final class Oracle {
  private static final Set<String> ENDED = Set.of("success", "failed", "ignored");

  private final String url;
  private final String user;
  private final Sandbox sandbox;

  Oracle(String url, String user, Sandbox sandbox) {
    this.url = url;
    this.user = user;
    this.sandbox = sandbox;
  }

  /**
   * The verdict.
   *
   * @param lost keys that were acknowledged and are not in the store
   * @param doubled keys that are there more than once
   * @param stuck keys that have not come to an end
   * @param wrong payments that are not as MercadoPago says, and contacts without their tag
   * @param moreCalls tag calls beyond one a payment
   * @param rescues events that were taken from a process
   * @param unexplained keys that were claimed, and payments that were looked up, more often than
   *     there are attempts in their history
   */
  record Verdict(
      List<String> lost,
      List<String> doubled,
      List<String> stuck,
      List<String> wrong,
      int moreCalls,
      int rescues,
      List<String> unexplained) {

    /**
     * A crash breaks off no more calls than there are workers, and takes no more than what is
     * leased at the time, twice as much: what runs, and what is to be recorded or was claimed
     * ahead.
     */
    boolean isClean(int crashes, int workers) {
      return lost.isEmpty()
          && doubled.isEmpty()
          && stuck.isEmpty()
          && wrong.isEmpty()
          && unexplained.isEmpty()
          && moreCalls <= crashes * workers
          && rescues <= crashes * 2 * workers;
    }
  }

  /**
   * What was promised.
   *
   * @param acknowledged the keys that were answered 200
   * @param mustEnd which of the events must have come to an end
   * @param contacts by MercadoPago's payment id: whom an approved payment must have tagged
   * @param checkouts how many were registered
   */
  record Promises(
      Set<String> acknowledged,
      Predicate<String> mustEnd,
      Map<Long, String> contacts,
      int checkouts) {}

  /** What became of what was promised. */
  Verdict judge(Promises promises) throws SQLException {
    Set<String> acknowledged = promises.acknowledged();
    Map<Long, String> contacts = promises.contacts();
    Map<String, List<String>> statuses = new HashMap<>();
    Map<String, String> payments = new HashMap<>();
    List<String> unexplained = new ArrayList<>();
    int[] rescues = {0};
    int[] checkouts = {0};
    try (Connection connection = DriverManager.getConnection(url, user, "")) {
      each(
          connection,
          "SELECT webhook_id, status, rescues FROM webhook_events",
          row -> {
            statuses
                .computeIfAbsent(row.getString(1), k -> new ArrayList<>())
                .add(row.getString(2));
            rescues[0] += row.getInt(3);
          });
      each(
          connection,
          "SELECT mp_payment_id, status FROM payments",
          row -> payments.put(row.getString(1), row.getString(2)));
      each(connection, "SELECT id FROM checkouts", row -> checkouts[0]++);
      each(
          connection,
          "SELECT webhook_id FROM webhook_events e WHERE claim_no <>"
              + " (SELECT COUNT(*) FROM webhook_attempts a WHERE a.event_id = e.id)",
          row -> unexplained.add(row.getString(1)));
    }
    unexplained.addAll(lookUpsWithoutAttempt(contacts.keySet()));
    Set<String> lost = new HashSet<>(acknowledged);
    lost.removeAll(statuses.keySet());
    List<String> wrong = wrong(contacts, payments);
    if (checkouts[0] < promises.checkouts()) {
      wrong.add("%d of %d checkouts".formatted(checkouts[0], promises.checkouts()));
    }
    return new Verdict(
        List.copyOf(lost),
        keys(statuses, (key, all) -> all.size() > 1),
        keys(
            statuses,
            (key, all) -> promises.mustEnd().test(key) && isStuck(acknowledged.contains(key), all)),
        wrong,
        moreCalls(contacts),
        rescues[0],
        unexplained);
  }

  /** Each attempt looks its payment up once: who does without one works on what another has. */
  private List<String> lookUpsWithoutAttempt(Set<Long> payments) throws SQLException {
    Map<String, Long> attempts = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(url, user, "")) {
      each(
          connection,
          "SELECT resource_id, COUNT(*) FROM webhook_events"
              + " JOIN webhook_attempts ON event_id = webhook_events.id GROUP BY resource_id",
          row -> attempts.put(row.getString(1), row.getLong(2)));
    }
    List<String> without = new ArrayList<>();
    for (Long payment : payments) {
      long lookUps = sandbox.mercadoPago().requestCount("/v1/payments/" + payment);
      long explained = attempts.getOrDefault(String.valueOf(payment), 0L);
      if (lookUps > explained) {
        without.add("payment %d: %d look-ups, %d attempts".formatted(payment, lookUps, explained));
      }
    }
    return without;
  }

  /** What was refused may stay in quarantine; what was acknowledged may not. */
  private static boolean isStuck(boolean isAcknowledged, List<String> statuses) {
    return !ENDED.containsAll(statuses)
        && (isAcknowledged || !statuses.equals(List.of("quarantined")));
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static void each(Connection connection, String sql, RowReader reader)
      throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }

  private static List<String> keys(
      Map<String, List<String>> statuses, BiPredicate<String, List<String>> which) {
    return statuses.entrySet().stream()
        .filter(entry -> which.test(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<String> wrong(Map<Long, String> contacts, Map<String, String> payments) {
    List<String> wrong = new ArrayList<>();
    contacts.forEach(
        (id, contact) -> {
          SandboxPayment there = sandbox.mercadoPago().payment(id).orElseThrow();
          if (!there.status().equals(payments.get(String.valueOf(id)))) {
            wrong.add("payment " + id + " is " + payments.get(String.valueOf(id)));
          }
          if (!sandbox.goHighLevel().tagsOf(contact).contains("pago_confirmado")) {
            wrong.add("contact " + contact + " has no tag");
          }
        });
    return wrong;
  }

  private int moreCalls(Map<Long, String> contacts) {
    return contacts.values().stream()
        .mapToInt(contact -> Math.max(0, sandbox.goHighLevel().tagCalls(contact).size() - 1))
        .sum();
  }
}
