package dev.acuse.faults;

import dev.acuse.faults.AccountsStage.Sale;
import dev.acuse.faults.AccountsStage.Shop;
import dev.acuse.faults.KeptLoad.Sent;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.gohighlevel.TagCall;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether each account has its own and nothing of another's, by the tables and by the books of
 * MercadoPago and GoHighLevel. Shares no code with the product: plain SQL, and its own idea of what
 * is right.
 */
final class AccountsOracle {
  private static final String TAG = "pago_confirmado";

  private final String url;
  private final String user;
  private final Sandbox sandbox;
  private final List<String> wrong = new ArrayList<>();

  AccountsOracle(String url, String user, Sandbox sandbox) {
    this.url = url;
    this.user = user;
    this.sandbox = sandbox;
  }

  /**
   * The verdict.
   *
   * @param sales of which a webhook was sent
   * @return one line for each thing that is not as it should be
   */
  List<String> wrong(List<Shop> shops, Collection<Sale> sales, List<Sent> sent)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, "")) {
      deliveries(connection, sent);
      payments(connection, sales);
    }
    for (Shop shop : shops) {
      tags(shop, sales);
      calls(shop, sales);
    }
    long ofMain = sandbox.goHighLevel().location().requestCount("/");
    if (ofMain != 0) {
      wrong.add(ofMain + " calls of the location of main, which sold nothing");
    }
    return wrong;
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

  /** Each delivery was answered 200, and is there once, in its account, and at its end. */
  private void deliveries(Connection connection, List<Sent> sent) throws SQLException {
    Map<String, Integer> stored = new HashMap<>();
    Map<String, Integer> statuses = new TreeMap<>();
    each(
        connection,
        "SELECT a.name, e.webhook_id, e.status, e.origin, e.resource_id FROM webhook_events e"
            + " LEFT JOIN accounts a ON a.id = e.account_id",
        row -> {
          String status = row.getString(3);
          if (row.getString(4).equals("webhook")) {
            stored.merge(row.getString(1) + " " + row.getString(2), 1, Integer::sum);
          }
          if (!Set.of("success", "ignored").contains(status)) {
            statuses.merge(row.getString(1) + " has events that are " + status, 1, Integer::sum);
          }
        });
    statuses.forEach((what, count) -> wrong.add(count + "×: " + what));
    Map<Integer, Integer> refused = new TreeMap<>();
    for (Sent one : sent) {
      if (one.status() != 200) {
        refused.merge(one.status(), 1, Integer::sum);
        continue;
      }
      int rows = stored.getOrDefault("shop-" + one.account() + " " + one.webhookId(), 0);
      if (rows != 1) {
        wrong.add(
            "delivery %s of shop-%d is there %d times"
                .formatted(one.webhookId(), one.account(), rows));
      }
    }
    refused.forEach((status, count) -> wrong.add(count + " deliveries were answered " + status));
    int rows = stored.values().stream().mapToInt(count -> count).sum();
    if (rows != sent.size()) {
      wrong.add("%d webhooks were sent, %d are there".formatted(sent.size(), rows));
    }
  }

  /** Each payment is there once, in the account of its collector. */
  private void payments(Connection connection, Collection<Sale> sales) throws SQLException {
    List<String> there = new ArrayList<>();
    each(
        connection,
        "SELECT a.name, p.mp_payment_id, p.status FROM payments p"
            + " LEFT JOIN accounts a ON a.id = p.account_id",
        row ->
            there.add(
                "payment %s of %s %s"
                    .formatted(row.getString(2), row.getString(1), row.getString(3))));
    List<String> expected =
        sales.stream()
            .map(sale -> "payment %d of %s approved".formatted(sale.payment(), sale.shop().name()))
            .toList();
    List<String> missing = new ArrayList<>(expected);
    there.forEach(missing::remove);
    missing.forEach(one -> wrong.add(one + " is missing"));
    expected.forEach(there::remove);
    there.forEach(one -> wrong.add(one + " should not be there"));
  }

  /** The location has tagged the contacts of its own sales, once each, and no other. */
  private void tags(Shop shop, Collection<Sale> sales) {
    Set<String> expected = new HashSet<>();
    sales.stream()
        .filter(sale -> sale.shop().equals(shop))
        .map(Sale::contact)
        .forEach(expected::add);
    List<String> tagged = new ArrayList<>();
    for (TagCall call : shop.location().tagCalls()) {
      tagged.add(call.contactId());
      if (!call.added() || !call.tags().equals(List.of(TAG))) {
        wrong.add("%s: %s".formatted(shop.name(), call));
      }
    }
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(tagged);
    missing.forEach(contact -> wrong.add(contact + " has no tag"));
    expected.forEach(tagged::remove);
    tagged.forEach(
        contact -> wrong.add("a tag too many on %s at %s".formatted(contact, shop.name())));
  }

  /**
   * No token of this account has asked for what is another's, but for what it was told to have
   * paid.
   */
  private void calls(Shop shop, Collection<Sale> sales) {
    for (Sale sale : sales) {
      if (sale.shop().equals(shop)) {
        continue;
      }
      long lookUps = shop.seller().requestCount("/v1/payments/" + sale.payment());
      if (lookUps > 0 && !shop.equals(sale.payer())) {
        wrong.add(
            "%s has asked for payment %d of %s"
                .formatted(shop.name(), sale.payment(), sale.shop().name()));
      }
      long crm = shop.location().requestCount("/contacts/" + sale.contact());
      if (crm > 0) {
        wrong.add(
            "%s has called for contact %s of %s"
                .formatted(shop.name(), sale.contact(), sale.shop().name()));
      }
    }
  }
}
