package dev.acuse.mercadopago.handler;

import dev.acuse.account.Account;
import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.remote.RemoteException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds whose a resource is whose notification names no seller. Such a notification is stored in
 * the first account whose application signs it. Where that account does not have the resource, an
 * account that knows it has it, or else some others of the application are asked in each attempt,
 * by their own tokens. The account that is found gets an event of its own, and the first one's
 * event ends. What nothing proves is looked for nowhere else. Thread-safe.
 */
public final class Handover {
  /** So many others are asked in an attempt at most. */
  static final int AT_ONCE = 8;

  /** What an account's token is answered about what the account does not have. */
  private static final Set<String> NOT_ITS_OWN =
      Set.of(RemoteFailures.NOT_FOUND, RemoteFailures.FORBIDDEN);

  private final MercadoPagoClients clients;
  private final Sellers sellers;
  private final NamedSeller named;
  private final Known known;
  private final Consumer<NewEvent> store;

  /** The seller that a delivery has named. */
  @FunctionalInterface
  public interface NamedSeller {
    /** Null if it named none. */
    @Nullable String of(long accountId, long eventId);
  }

  /** Which accounts know a payment. */
  @FunctionalInterface
  public interface Known {
    /** Those of these accounts that have it, by their ids. */
    List<Long> with(Collection<Long> accountIds, String mpPaymentId);
  }

  /** Asks one account's client whose a resource is. */
  @FunctionalInterface
  interface Question {
    /** The seller that collects it; null if MercadoPago does not say. */
    @Nullable String ask(MercadoPagoClient client) throws RemoteException;
  }

  Handover(
      MercadoPagoClients clients,
      Sellers sellers,
      NamedSeller named,
      Known known,
      Consumer<NewEvent> store) {
    this.clients = clients;
    this.sellers = sellers;
    this.named = named;
    this.known = known;
    this.store = store;
  }

  /**
   * What becomes of an event after its own account was asked.
   *
   * @param outcome of that
   * @param collector the other seller whose the resource is; null if that is not known
   * @param isPayment whether it is about a payment
   */
  Outcome judge(
      WebhookEvent event,
      Outcome outcome,
      @Nullable String collector,
      boolean isPayment,
      Question question,
      AttemptLog attempt) {
    String kind = outcome.errorKind();
    boolean isElsewhere = collector != null || (kind != null && NOT_ITS_OWN.contains(kind));
    if (!isElsewhere || !mayBeOfOthers(event)) {
      return outcome;
    }
    return owner(event, collector, isPayment, question, attempt)
        .map(owner -> handOver(event, owner))
        .orElse(outcome);
  }

  private boolean mayBeOfOthers(WebhookEvent event) {
    return event.origin() == EventOrigin.WEBHOOK
        && event.signature() == SignatureState.VERIFIED
        && !Simulation.mayBe(event)
        && !sellers.others(event.accountId()).isEmpty()
        && named.of(event.accountId(), event.id()) == null;
  }

  private Optional<Long> owner(
      WebhookEvent event,
      @Nullable String collector,
      boolean isPayment,
      Question question,
      AttemptLog attempt) {
    if (collector != null) {
      return sellers.otherWith(event.accountId(), collector).map(Account::id);
    }
    List<Long> others = sellers.others(event.accountId()).stream().map(Account::id).toList();
    if (isPayment) {
      List<Long> knowing = known.with(others, resource(event));
      if (knowing.size() == 1) {
        return Optional.of(knowing.get(0));
      }
    }
    List<Long> some = inTurn(others, event.attempts());
    return attempt.step(
        "other accounts",
        () -> ask(some, question),
        // How many there are is no matter of those who see this account.
        found -> found.isPresent() ? "found" : "not found");
  }

  /** Each attempt goes on with those that the one before has not asked. */
  private static List<Long> inTurn(List<Long> all, int attempts) {
    List<Long> some = new ArrayList<>();
    int first = Math.max(0, attempts - 1) * AT_ONCE;
    for (int i = 0; i < Math.min(AT_ONCE, all.size()); i++) {
      some.add(all.get((first + i) % all.size()));
    }
    return some;
  }

  private Optional<Long> ask(List<Long> others, Question question) {
    for (Long accountId : others) {
      Optional<Long> owner = ask(accountId, question);
      if (owner.isPresent()) {
        return owner;
      }
    }
    return Optional.empty();
  }

  /** What cannot be asked now is asked in another attempt. */
  private Optional<Long> ask(long accountId, Question question) {
    String collector;
    try {
      collector = question.ask(clients.of(accountId).forStrangers());
    } catch (RemoteException e) {
      return Optional.empty();
    }
    if (sellers.isOf(accountId, collector)) {
      return Optional.of(accountId);
    }
    // It may have paid it.
    return collector == null
        ? Optional.empty()
        : sellers.otherWith(accountId, collector).map(Account::id);
  }

  private Outcome handOver(WebhookEvent event, long owner) {
    store.accept(
        NewEvent.lookUp(
            "acuse:%s:%s:moved:%d".formatted(event.eventType(), resource(event), event.id()),
            event.source(),
            event.eventType(),
            resource(event),
            EventOrigin.MANUAL,
            new Place(owner, Lane.mercadoPago(owner), null)));
    // Whose it is, is no matter of those who see this account.
    return Outcome.ignored("another account's, and worked off there").because(ReasonCode.MOVED);
  }

  private static String resource(WebhookEvent event) {
    return Objects.requireNonNull(event.resourceId(), "a pending event has one");
  }
}
