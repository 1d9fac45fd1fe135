package dev.acuse.mercadopago.notification;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.QuarantineReview;
import dev.acuse.mercadopago.MercadoPagoCases;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.MercadoPagoOrders;
import dev.acuse.mercadopago.Topic;
import dev.acuse.process.Periodic;
import dev.acuse.remote.RemoteException;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MercadoPago about what is in quarantine, one event at a time and at a bounded rate: a
 * genuine notification that failed its check, as after a change of the secret, must not be lost,
 * and a bogus one is never worth more than that look. What MercadoPago does not know is asked about
 * again for as long as MercadoPago may still come to know it, and then left to expire. One thread;
 * it outlives every exception.
 */
public final class QuarantineHealer implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(QuarantineHealer.class);

  /** Fails if MercadoPago does not know what a topic's id names, or can't be asked. */
  @FunctionalInterface
  private interface LookUp {
    void run(MercadoPagoClient client, String id) throws RemoteException;
  }

  /** How it is asked about what each topic names; of any other it can't be. */
  private static final Map<Topic, LookUp> LOOK_UPS =
      Map.of(
          Topic.PAYMENT,
          MercadoPagoClient::payment,
          Topic.FRAUD_ALERT,
          MercadoPagoClient::payment,
          Topic.MERCHANT_ORDER,
          MercadoPagoClient::merchantOrder,
          Topic.ORDER,
          (client, id) -> new MercadoPagoOrders(client).order(id),
          Topic.CHARGEBACK,
          (client, id) -> new MercadoPagoCases(client).chargeback(id),
          Topic.CLAIM,
          (client, id) -> new MercadoPagoCases(client).claim(id));

  private static final List<String> TYPES =
      List.copyOf(Topic.namesOf(LOOK_UPS.keySet().toArray(Topic[]::new)));

  private static final Duration AGAIN = Duration.ofHours(1);

  /** MercadoPago itself repeats a notification for some four days. */
  private static final Duration MAX_AGE = Duration.ofDays(4);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(12);

  private final QuarantineReview review;
  private final MercadoPagoClients clients;
  private final Accounts accounts;
  private final int lookUpsPerMinute;
  private final Periodic turns =
      new Periodic(
          "quarantine-healer",
          this::healNext,
          failure ->
              DatabaseTrouble.logRepeated(LOGGER, "quarantine is looked at again later", failure));

  /** Whose turn was last. */
  private long latest;

  /**
   * @param clients each account's events are asked about by its own
   * @param lookUpsPerMinute at most, of all accounts together; 0 turns it off
   */
  public QuarantineHealer(
      QuarantineReview review,
      MercadoPagoClients clients,
      Accounts accounts,
      int lookUpsPerMinute) {
    this.review = review;
    this.clients = clients;
    this.accounts = accounts;
    this.lookUpsPerMinute = lookUpsPerMinute;
  }

  @Override
  public void start() {
    if (lookUpsPerMinute > 0) {
      Duration pause = Duration.ofMinutes(1).dividedBy(lookUpsPerMinute);
      turns.start(pause, pause);
    }
  }

  /**
   * Asks about one event, of the account whose turn it is: each that has one comes in turn.
   *
   * @return whether it could be told what becomes of it; false if there is none, too
   */
  boolean healNext() {
    OptionalLong turn = turn();
    if (turn.isEmpty()) {
      return false;
    }
    latest = turn.getAsLong();
    MercadoPagoClient client = clients.of(latest).forStrangers();
    Optional<WebhookEvent> next =
        client.isUp() ? review.next(latest, Topic.SOURCE, TYPES, AGAIN, MAX_AGE) : Optional.empty();
    if (next.isEmpty()) {
      return false;
    }
    WebhookEvent event = next.get();
    try {
      if (isKnown(client, event)) {
        if (review.confirm(event)) {
          LOGGER.info(
              "webhook {} leaves quarantine: MercadoPago knows what it names", event.webhookId());
        }
      } else {
        review.leave(event);
      }
      return true;
    } catch (RemoteException e) {
      LOGGER.debug("MercadoPago cannot be asked about quarantine", e);
      return false;
    }
  }

  /** The next account with an event to ask about, behind the one whose turn was last. */
  private OptionalLong turn() {
    List<Long> active =
        accounts.current().all().stream().filter(Account::isActive).map(Account::id).toList();
    List<Long> waiting =
        active.size() == 1 ? active : review.waiting(active, Topic.SOURCE, TYPES, AGAIN, MAX_AGE);
    return waiting.stream()
        .filter(id -> id > latest)
        .findFirst()
        .or(() -> waiting.stream().findFirst())
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private static boolean isKnown(MercadoPagoClient client, WebhookEvent event)
      throws RemoteException {
    String id = Objects.requireNonNull(event.resourceId(), "the query asks for events with one");
    try {
      Topic topic = Topic.of(event.eventType()).orElseThrow();
      Objects.requireNonNull(LOOK_UPS.get(topic), "the query asks for these types").run(client, id);
      return true;
    } catch (RemoteException.Rejected
        | RemoteException.BadResponse
        | RemoteException.NotUnderstood e) {
      // What can't be told now is asked about again later, and must not keep others from it.
      return false;
    }
  }

  @Override
  public void stop() throws InterruptedException {
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("a look at quarantine hangs");
    }
  }
}
