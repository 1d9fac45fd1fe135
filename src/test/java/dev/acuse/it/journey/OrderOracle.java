package dev.acuse.it.journey;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.gohighlevel.TagCall;
import dev.acuse.sandbox.mercadopago.OrderStanding;
import dev.acuse.sandbox.mercadopago.SandboxChargeback;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is right of orders of the Orders API, their payments, checkouts, disputes and tags, by the
 * books of MercadoPago and of the CRM. Shares no code with the product: plain SQL, and its own idea
 * of what is right. Each checkout asks for {@link OrderStory#ASKED} and has one order.
 */
final class OrderOracle {
  /** The tag that goes with a payment's status. */
  static final Map<String, String> TAGS =
      Map.of(
          "approved", "pago_confirmado",
          "refunded", "pago_reembolsado",
          "charged_back", "contracargo",
          "in_mediation", "en_disputa");

  /** The id of what the panel simulates. */
  static final String SIMULATED = "123456";

  private final Sandbox sandbox;
  private final SandboxSeller seller;
  private final Map<String, String> contacts;
  private final int crashes;
  private final Set<String> everPaid = new HashSet<>();
  private final Map<String, Set<String>> everDue = new HashMap<>();

  /**
   * @param contacts by the reference of a checkout
   * @param crashes how often the process is killed
   */
  OrderOracle(Sandbox sandbox, Map<String, String> contacts, int crashes) {
    this.sandbox = sandbox;
    this.seller = sandbox.mercadoPago().seller();
    this.contacts = contacts;
    this.crashes = crashes;
  }

  /** Takes note of how an order stands; called after each change. */
  void note(SandboxOnlineOrder order) {
    String reference = Objects.requireNonNull(order.terms().externalReference());
    List<SandboxPayment> payments = payments(order);
    if (gross(payments).compareTo(OrderStory.ASKED) >= 0) {
      everPaid.add(reference);
    }
    everDue.computeIfAbsent(reference, none -> new HashSet<>()).addAll(due(reference, payments));
  }

  private static List<SandboxPayment> payments(SandboxOnlineOrder order) {
    return order.payments().stream().map(SandboxOnlineOrder.Payment::payment).toList();
  }

  /** What is wrong, a line each; empty if all is right. */
  List<String> wrongs(Connection connection, Set<String> acknowledged) throws SQLException {
    List<String> wrongs = new ArrayList<>();
    events(connection, acknowledged, wrongs);
    payments(connection, wrongs);
    orders(connection, wrongs);
    checkouts(connection, wrongs);
    disputes(connection, wrongs);
    tags(wrongs);
    return wrongs;
  }

  private static void events(Connection connection, Set<String> acknowledged, List<String> wrongs)
      throws SQLException {
    Set<String> kept = new HashSet<>();
    each(
        connection,
        """
        SELECT webhook_id, event_type, resource_id, status, origin, last_error
        FROM webhook_events
        """,
        row -> {
          kept.add(row.getString(1));
          String status = row.getString(4);
          boolean isSimulated = SIMULATED.equals(row.getString(3));
          boolean isOlderEffect = row.getString(5).equals("effect") && status.equals("ignored");
          String right = isSimulated ? "ignored" : "success";
          if (!status.equals(right) && !isOlderEffect) {
            wrongs.add(
                "event %s about %s %s is %s: %s"
                    .formatted(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        status,
                        row.getString(6)));
          }
        });
    acknowledged.stream()
        .filter(id -> !kept.contains(id))
        .forEach(id -> wrongs.add("event " + id + " was acknowledged and is lost"));
  }

  private void payments(Connection connection, List<String> wrongs) throws SQLException {
    Map<String, List<String>> ours = new HashMap<>();
    each(
        connection,
        """
        SELECT p.mp_payment_id, p.status, p.status_detail, p.amount, p.amount_refunded,
          p.currency, p.external_reference, c.external_reference, p.flag
        FROM payments p LEFT JOIN checkouts c ON c.id = p.checkout_id
        """,
        row ->
            add(
                ours,
                row.getString(1),
                line(
                    row.getString(2),
                    row.getString(3),
                    plain(row.getBigDecimal(4)),
                    plain(row.getBigDecimal(5)),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9))));
    Map<String, List<String>> theirs = new HashMap<>();
    for (SandboxPayment payment : seller.payments()) {
      String reference = payment.terms().externalReference();
      add(
          theirs,
          Long.toString(payment.id()),
          line(
              payment.status(),
              payment.state().statusDetail(),
              plain(payment.terms().amount()),
              plain(payment.refunded()),
              payment.terms().currency(),
              reference,
              reference,
              isTooMuch(payment) ? "amount_mismatch" : null));
    }
    compare("payment", ours, theirs, wrongs);
  }

  private void orders(Connection connection, List<String> wrongs) throws SQLException {
    Map<String, List<String>> linked = new HashMap<>();
    each(
        connection,
        """
        SELECT o.mp_order_id, p.mp_payment_id
        FROM mp_order_payments p JOIN mp_orders o ON o.id = p.order_id
        """,
        row -> add(linked, row.getString(1), row.getString(2)));
    Map<String, List<String>> ours = new HashMap<>();
    each(
        connection,
        """
        SELECT mp_order_id, status, status_detail, payment_status, amount, paid_amount, currency,
          external_reference
        FROM mp_orders
        """,
        row ->
            add(
                ours,
                row.getString(1),
                line(
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    plain(row.getBigDecimal(5)),
                    plain(row.getBigDecimal(6)),
                    row.getString(7),
                    row.getString(8),
                    new TreeSet<>(linked.getOrDefault(row.getString(1), List.of())).toString())));
    Map<String, List<String>> theirs = new HashMap<>();
    for (SandboxOnlineOrder order : seller.onlineOrders().all()) {
      add(
          theirs,
          order.id(),
          line(
              order.status(),
              order.standing().detail(),
              meaning(order.standing()),
              plain(order.terms().total()),
              plain(everApproved(payments(order))),
              order.terms().currency(),
              order.terms().externalReference(),
              order.paymentIds().stream()
                  .map(String::valueOf)
                  .collect(Collectors.toCollection(TreeSet::new))
                  .toString()));
    }
    compare("order", ours, theirs, wrongs);
  }

  /** By MercadoPago's pages on the status of orders. */
  private static String meaning(OrderStanding standing) {
    return switch (standing.status()) {
      case "processed" -> standing.detail().equals("refunded") ? "refunded" : "approved";
      case "action_required" ->
          standing.detail().equals("waiting_capture") ? "authorized" : "pending";
      case "created", "processing" -> "pending";
      case "failed" -> "rejected";
      case "canceled", "expired" -> "cancelled";
      default -> standing.status();
    };
  }

  private void checkouts(Connection connection, List<String> wrongs) throws SQLException {
    Map<String, List<String>> ours = new HashMap<>();
    each(
        connection,
        "SELECT external_reference, status FROM checkouts",
        row -> add(ours, row.getString(1), row.getString(2)));
    Map<String, List<String>> theirs = new HashMap<>();
    for (String reference : contacts.keySet()) {
      add(theirs, reference, standing(reference, paymentsOf(reference)));
    }
    compare("checkout", ours, theirs, wrongs);
  }

  private List<SandboxPayment> paymentsOf(String reference) {
    return seller.payments().stream()
        .filter(payment -> reference.equals(payment.terms().externalReference()))
        .toList();
  }

  private String standing(String reference, List<SandboxPayment> payments) {
    List<SandboxPayment> fitting = payments.stream().filter(each -> !isTooMuch(each)).toList();
    BigDecimal kept =
        fitting.stream()
            .filter(payment -> payment.status().equals("approved"))
            .map(OrderOracle::left)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    boolean isDisputed = is(fitting, "charged_back") || is(fitting, "in_mediation");
    boolean isGivenBack =
        is(fitting, "refunded") || fitting.stream().anyMatch(each -> each.refunded().signum() > 0);
    if (kept.compareTo(OrderStory.ASKED) >= 0) {
      return "paid";
    }
    if (isDisputed) {
      return "disputed";
    }
    if (isGivenBack && everPaid.contains(reference)) {
      return kept.signum() > 0 ? "partly_refunded" : "refunded";
    }
    return kept.signum() > 0 ? "partly_paid" : "open";
  }

  private static boolean is(List<SandboxPayment> payments, String status) {
    return payments.stream().anyMatch(payment -> payment.status().equals(status));
  }

  private static boolean isTooMuch(SandboxPayment payment) {
    return payment.status().equals("approved") && left(payment).compareTo(OrderStory.ASKED) > 0;
  }

  private static BigDecimal left(SandboxPayment payment) {
    return payment.terms().amount().subtract(payment.refunded());
  }

  /** What is approved and fits, whatever of it was given back. */
  private static BigDecimal gross(List<SandboxPayment> payments) {
    return payments.stream()
        .filter(payment -> payment.status().equals("approved") && !isTooMuch(payment))
        .map(payment -> payment.terms().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal everApproved(List<SandboxPayment> payments) {
    return payments.stream()
        .filter(payment -> payment.state().approved() != null)
        .map(payment -> payment.terms().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private void disputes(Connection connection, List<String> wrongs) throws SQLException {
    Map<String, List<String>> ours = new HashMap<>();
    each(
        connection,
        """
        SELECT p.mp_payment_id, d.kind, d.mp_id, d.state, d.amount, d.currency, d.deadline
        FROM disputes d LEFT JOIN dispute_payments p ON p.dispute_id = d.id
        WHERE d.kind <> 'claim'
        """,
        row ->
            add(
                ours,
                String.valueOf(row.getString(1)),
                line(
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    plain(row.getBigDecimal(5)),
                    row.getString(6),
                    seconds(row.getTimestamp(7)))));
    Map<String, List<String>> theirs = new HashMap<>();
    for (SandboxChargeback chargeback : seller.disputes().chargebacks()) {
      for (long id : chargeback.payments()) {
        SandboxPayment payment = seller.payment(id).orElseThrow();
        add(
            theirs,
            Long.toString(id),
            line(
                "chargeback",
                chargeback.id(),
                switch (payment.state().statusDetail()) {
                  case "settled" -> "lost";
                  case "reimbursed" -> "won";
                  default -> "open";
                },
                plain(chargeback.amount()),
                chargeback.currency(),
                seconds(Timestamp.from(Objects.requireNonNull(chargeback.deadline())))));
        forgiveUnknownCase(ours, theirs, Long.toString(id));
      }
    }
    compare("dispute of payment", ours, theirs, wrongs);
    claims(connection, wrongs);
  }

  /** What was over when it was first heard of has no case to be read, and no deadline to keep. */
  private static void forgiveUnknownCase(
      Map<String, List<String>> ours, Map<String, List<String>> theirs, String id) {
    List<String> its = theirs.get(id);
    String[] words = its.get(0).split(" ", -1);
    String withoutCase = line(words[0], null, words[2], words[3], words[4], "none");
    boolean isOver = !words[2].equals("open");
    if (isOver && List.of(withoutCase).equals(ours.get(id))) {
      theirs.put(id, List.of(withoutCase));
    }
  }

  /** A claim can't be listed: it is known by its payment, while that is in mediation. */
  private void claims(Connection connection, List<String> wrongs) throws SQLException {
    Map<String, List<String>> open = new HashMap<>();
    each(
        connection,
        """
        SELECT p.mp_payment_id, d.state
        FROM disputes d JOIN dispute_payments p ON p.dispute_id = d.id
        WHERE d.kind = 'claim' AND d.closed_at IS NULL
        """,
        row -> add(open, row.getString(1), row.getString(2)));
    Map<String, List<String>> due = new HashMap<>();
    for (SandboxPayment payment : seller.payments()) {
      if (payment.status().equals("in_mediation")) {
        add(due, Long.toString(payment.id()), "open");
      }
    }
    compare("claim of payment", open, due, wrongs);
  }

  private void tags(List<String> wrongs) {
    Map<String, List<TagCall>> calls =
        sandbox.goHighLevel().tagCalls().stream()
            .collect(Collectors.groupingBy(TagCall::contactId));
    contacts.forEach(
        (reference, contact) -> {
          Set<String> tags = new HashSet<>(sandbox.goHighLevel().tagsOf(contact));
          Set<String> due = due(reference, paymentsOf(reference));
          // What was due once may have been put on; a tag of these is never taken off.
          Set<String> may = everDue.getOrDefault(reference, Set.of());
          if (!tags.containsAll(due) || !may.containsAll(tags)) {
            wrongs.add(
                "%s of %s has the tags %s and should have %s, and may have %s"
                    .formatted(contact, reference, tags, due, may));
          }
          calls(contact, calls.getOrDefault(contact, List.of()), wrongs);
        });
  }

  private void calls(String contact, List<TagCall> calls, List<String> wrongs) {
    for (String tag : TAGS.values()) {
      List<TagCall> its = calls.stream().filter(call -> call.tags().contains(tag)).toList();
      long real = its.stream().filter(call -> call.changed().contains(tag)).count();
      if (its.size() > 1 + crashes || real > 1 || its.stream().anyMatch(call -> !call.added())) {
        wrongs.add("%s was tagged %s by %s".formatted(contact, tag, its));
      }
    }
  }

  /** The tags that are due as the payments stand. */
  private Set<String> due(String reference, List<SandboxPayment> payments) {
    Set<String> due = new HashSet<>();
    for (SandboxPayment payment : payments) {
      boolean isReached =
          payment.status().equals("approved")
              ? gross(payments).compareTo(OrderStory.ASKED) >= 0
              : everPaid.contains(reference);
      String tag = TAGS.get(payment.status());
      if (tag != null && isReached && !isTooMuch(payment)) {
        due.add(tag);
      }
    }
    return due;
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

  private static void add(Map<String, List<String>> lists, String key, String line) {
    lists.computeIfAbsent(key, none -> new ArrayList<>()).add(line);
  }

  private static void compare(
      String what,
      Map<String, List<String>> ours,
      Map<String, List<String>> theirs,
      List<String> wrongs) {
    Set<String> keys = new TreeSet<>(theirs.keySet());
    keys.addAll(ours.keySet());
    for (String key : keys) {
      List<String> here = ours.getOrDefault(key, List.of());
      List<String> there = theirs.getOrDefault(key, List.of());
      if (!here.equals(there)) {
        wrongs.add("%s %s is %s and should be %s".formatted(what, key, here, there));
      }
    }
  }

  private static String line(@Nullable String... words) {
    return String.join(" ", Arrays.stream(words).map(String::valueOf).toList());
  }

  /** As people write it; nothing is nought. */
  private static String plain(@Nullable BigDecimal amount) {
    return amount == null || amount.signum() == 0
        ? "0"
        : amount.stripTrailingZeros().toPlainString();
  }

  private static String seconds(@Nullable Timestamp timestamp) {
    return timestamp == null ? "none" : String.valueOf(timestamp.getTime() / 1000);
  }
}
