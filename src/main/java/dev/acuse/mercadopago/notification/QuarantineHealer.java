package dev.acuse.mercadopago.notification;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.QuarantineDesk;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.Topics;
import dev.acuse.process.FatalErrors;
import dev.acuse.remote.Downstream;
import dev.acuse.remote.RemoteException;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  private static final List<String> TYPES =
      List.of(
          Topics.PAYMENT, Topics.MERCHANT_ORDER, Topics.MERCHANT_ORDER_WEBHOOK, Topics.FRAUD_ALERT);

  private static final Duration AGAIN = Duration.ofHours(1);

  /** MercadoPago itself repeats a notification for some four days. */
  private static final Duration MAX_AGE = Duration.ofDays(4);

  private static final long STOP_SECONDS = 12;

  private final QuarantineDesk desk;
  private final MercadoPagoClient client;
  private final Downstream mercadoPago;
  private final int lookUpsPerMinute;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var healer = new Thread(task, "quarantine-healer");
            healer.setDaemon(true);
            return healer;
          });

  /**
   * @param mercadoPago the breaker of the client's calls
   * @param lookUpsPerMinute at most; 0 turns it off
   */
  public QuarantineHealer(
      QuarantineDesk desk, MercadoPagoClient client, Downstream mercadoPago, int lookUpsPerMinute) {
    this.desk = desk;
    this.client = client;
    this.mercadoPago = mercadoPago;
    this.lookUpsPerMinute = lookUpsPerMinute;
  }

  @Override
  public void start() {
    if (lookUpsPerMinute > 0) {
      long pause = TimeUnit.MINUTES.toMillis(1) / lookUpsPerMinute;
      var unused = thread.scheduleWithFixedDelay(this::turn, pause, pause, TimeUnit.MILLISECONDS);
    }
  }

  /** Never throws, or it would not be called again. */
  @SuppressWarnings("CatchingUnchecked")
  private void turn() {
    try {
      healNext();
    } catch (Exception | Error e) {
      FatalErrors.haltOn(e);
      DatabaseTrouble.logRepeated(LOGGER, "quarantine is looked at again later", e);
    }
  }

  /**
   * Asks about one event.
   *
   * @return whether it could be told what becomes of it; false if there is none, too
   */
  boolean healNext() {
    Optional<WebhookEvent> next = desk.next(MercadoPagoSource.NAME, TYPES, AGAIN, MAX_AGE);
    if (next.isEmpty() || !mercadoPago.isUp()) {
      return false;
    }
    WebhookEvent event = next.get();
    try {
      if (isKnown(event)) {
        if (desk.confirm(event)) {
          LOGGER.info(
              "webhook {} leaves quarantine: MercadoPago knows what it names", event.webhookId());
        }
      } else {
        desk.leave(event);
      }
      return true;
    } catch (RemoteException | Downstream.OpenException e) {
      LOGGER.debug("MercadoPago cannot be asked about quarantine", e);
      return false;
    }
  }

  private boolean isKnown(WebhookEvent event) throws RemoteException {
    String id = Objects.requireNonNull(event.resourceId(), "the query asks for events with one");
    try {
      if (Topics.isMerchantOrder(event.eventType())) {
        mercadoPago.call(() -> client.merchantOrder(id));
      } else {
        mercadoPago.call(() -> client.payment(id));
      }
      return true;
    } catch (RemoteException.Rejected | RemoteException.BadResponse e) {
      return false;
    }
  }

  @Override
  public void stop() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      LOGGER.warn("a look at quarantine hangs");
    }
  }
}
