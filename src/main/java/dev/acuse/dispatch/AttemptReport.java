package dev.acuse.dispatch;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.acuse.event.Attempt;
import dev.acuse.event.Place;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What the log and the metrics say of an attempt. Thread-safe. */
final class AttemptReport {
  static final String MDC_PAYMENT = "mp_payment_id";

  private static final String MDC_WEBHOOK = "webhook_id";
  private static final String MDC_ATTEMPT = "attempt";
  private static final String MDC_ACCOUNT_ID = "account_id";
  private static final String MDC_ACCOUNT = "account";
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptReport.class);

  private final MetricRegistry metrics;
  private final Timer time;
  private final LongFunction<String> accounts;

  /**
   * @param accounts the name of an account by its id; without I/O
   */
  AttemptReport(MetricRegistry metrics, LongFunction<String> accounts) {
    this.metrics = metrics;
    this.accounts = accounts;
    this.time = metrics.timer("acuse.attempts.time");
  }

  /**
   * Begins to name an event in the lines of this thread's log; {@link #leave} ends it.
   *
   * @param mpPaymentId null if it is not known yet
   */
  void enter(WebhookEvent event, @Nullable String mpPaymentId) {
    MDC.put(MDC_WEBHOOK, event.webhookId());
    MDC.put(MDC_ATTEMPT, String.valueOf(event.attempts()));
    MDC.put(MDC_ACCOUNT_ID, String.valueOf(event.accountId()));
    MDC.put(MDC_ACCOUNT, accounts.apply(event.accountId()));
    if (mpPaymentId != null) {
      MDC.put(MDC_PAYMENT, mpPaymentId);
    }
  }

  /** Ends what {@link #enter} began. */
  static void leave() {
    MDC.remove(MDC_WEBHOOK);
    MDC.remove(MDC_ATTEMPT);
    MDC.remove(MDC_ACCOUNT_ID);
    MDC.remove(MDC_ACCOUNT);
    MDC.remove(MDC_PAYMENT);
  }

  /**
   * An attempt was recorded, or it could not be.
   *
   * @param event as claimed
   * @param nanos how long the attempt took
   * @param recorded whether its lease still held; null if it could not be recorded
   * @param failure why it could not be recorded
   */
  void tell(
      WebhookEvent event,
      AttemptEnd end,
      long nanos,
      @Nullable Boolean recorded,
      @Nullable Throwable failure) {
    enter(event, end.mpPaymentId());
    try {
      if (failure != null) {
        LOGGER.error(
            "the end of an attempt at {} could not be recorded; it is tried again when its lease"
                + " runs out",
            event.webhookId(),
            failure);
      } else if (Boolean.TRUE.equals(recorded)) {
        count(end.attempt());
        time.update(Duration.ofNanos(nanos));
        log(event, end, nanos);
      } else {
        metrics.counter("acuse.attempts.fenced").inc();
        LOGGER.warn(
            "lease lost: the result {} of claim {} changes nothing",
            end.attempt().outcome().code(),
            event.claimNo());
      }
    } finally {
      leave();
    }
  }

  /** An attempt that hangs was given back. */
  void handedBack(WebhookEvent event, Attempt attempt) {
    count(attempt);
    LOGGER.warn("handed back webhook_id={}: its attempt hangs", event.webhookId());
  }

  private void count(Attempt attempt) {
    metrics.counter("acuse.attempts." + attempt.outcome().code()).inc();
  }

  private void log(WebhookEvent event, AttemptEnd end, long nanos) {
    Attempt attempt = end.attempt();
    AttemptEnd.Next next = end.next();
    String mpPaymentId = end.mpPaymentId();
    // Joined by hand: each attempt writes this line, and a format would be parsed each time.
    String line =
        "attempt webhook_id="
            + event.webhookId()
            + account(event.accountId())
            + " mp_payment_id="
            + orDash(mpPaymentId == null ? event.mpPaymentId() : mpPaymentId)
            + " type="
            + event.eventType()
            + " attempt="
            + event.attempts()
            + "/"
            + event.maxAttempts()
            + " outcome="
            + attempt.outcome().code()
            + " status="
            + next.kind().status().code()
            + " ms="
            + TimeUnit.NANOSECONDS.toMillis(nanos)
            + " next="
            + orDash(next.dueAt())
            + (attempt.error() == null ? "" : " reason=\"" + attempt.error() + "\"");
    switch (next.kind()) {
      case SUCCEED, IGNORE, HAND_BACK -> LOGGER.info(line);
      case RETRY, WAIT -> LOGGER.warn(line);
      case FAIL -> LOGGER.error(line);
    }
  }

  /** Nothing for {@code main}, the only account of most. */
  private String account(long id) {
    return id == Place.MAIN_ACCOUNT ? "" : " account_id=" + id + " account=" + accounts.apply(id);
  }

  private static String orDash(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }
}
