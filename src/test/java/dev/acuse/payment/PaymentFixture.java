package dev.acuse.payment;

import dev.acuse.audit.AuditTrail;
import dev.acuse.effect.Effects;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EffectChange;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A payment store on a real database, with a clock that stands still. */
public final class PaymentFixture implements AutoCloseable {
  public static final String COLLECTOR = "448800001";
  static final TagRules RULES =
      new TagRules(
          Map.of(
              "approved", List.of("pago_confirmado"),
              "rejected", List.of("pago_rechazado"),
              "refunded", List.of("pago_reembolsado", "revisar")));

  private final TestDatabase database;
  private final ManualClock clock = ManualClock.create();
  private final Effects effects;
  private final PaymentStore store;
  private final PaymentReader reader;

  PaymentFixture(Engine engine) {
    database = TestDatabase.open(engine);
    effects = TestEffects.of(clock);
    store = storeOf(COLLECTOR);
    reader = new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE);
  }

  PaymentReader reader() {
    return reader;
  }

  PaymentStore store() {
    return store;
  }

  /** A store that doesn't know whose account is to be paid. */
  PaymentStore storeOfAnyCollector() {
    return storeOf(null);
  }

  private PaymentStore storeOf(@Nullable String collectorId) {
    return new PaymentStore(
        database.jdbi(), clock, new PaymentRules(RULES, collectorId, false), effects);
  }

  /** A store that searches the CRM for payers without a contact. */
  PaymentStore storeThatFindsContacts() {
    return new PaymentStore(
        database.jdbi(), clock, new PaymentRules(RULES, COLLECTOR, true), effects);
  }

  Effects effects() {
    return effects;
  }

  ManualClock clock() {
    return clock;
  }

  Jdbi jdbi() {
    return database.jdbi();
  }

  AuditTrail audit() {
    return new AuditTrail(database.jdbi(), clock);
  }

  /** Forgets everything that a test left. */
  void clear() {
    for (String table :
        List.of("effect_reasons", "effects", "webhook_events", "payments", "checkouts")) {
      jdbi().useHandle(handle -> handle.execute("DELETE FROM " + table));
    }
  }

  static CheckoutRequest request(String reference) {
    return new CheckoutRequest(
        reference, "contact1", new BigDecimal("1500.50"), "ARS", "Consulta", null);
  }

  /** A registered checkout; its preference is called after its reference. */
  Checkout checkout(String reference) {
    store.addCheckout(
        Place.MAIN_ACCOUNT,
        request(reference),
        new Preference("pref-" + reference, "https://mp.test/" + reference));
    return reader.checkoutByReference(Scope.everything(), reference).orElseThrow();
  }

  Applied apply(Snapshots snapshot) {
    return store.apply(Place.MAIN_ACCOUNT, snapshot.build(), store.look(false), null);
  }

  /** The tags that are due or applied for a payment, whoever wears them. */
  List<String> tags(String mpPaymentId) {
    return reader.tags(Scope.everything(), payment(mpPaymentId).id()).stream()
        .map(ContactTag::tag)
        .toList();
  }

  /** Ends the events of all effects that wait, as if each call had gone well, or been refused. */
  void endEffects(EffectChange.Kind kind) {
    TestEffects.end(jdbi(), clock, kind);
  }

  Payment payment(String mpPaymentId) {
    return reader.paymentByMpId(Scope.everything(), mpPaymentId).orElseThrow();
  }

  String checkoutStatus(Checkout checkout) {
    return reader.checkout(Scope.everything(), checkout.id()).orElseThrow().status();
  }

  /** Whether a transaction waits for a row that another one has locked. */
  boolean isAnyoneWaiting() {
    String sql =
        switch (database.engine()) {
          case H2 ->
              "SELECT COUNT(*) > 0 FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
          case POSTGRESQL ->
              """
              SELECT COUNT(*) > 0 FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock'
              """;
        };
    return jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Boolean.class).one());
  }

  /** Runs all calls at the same moment, each in its own thread, and gives back their results. */
  static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    var barrier = new CyclicBarrier(calls.size());
    var threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : calls) {
        futures.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return call.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
