package dev.acuse.sandbox;

import dev.acuse.sandbox.AcuseApi.Purchase;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import java.math.BigDecimal;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Customers who buy, for the demo: each is a contact in the CRM, has its checkout registered with
 * Acuse, and pays: at once, after a rejected card, later in cash, or to have the money back. What
 * the payments bring about is told by whoever listens to the sandbox, such as {@link
 * PaymentAnnouncer}.
 */
public final class CheckoutTraffic implements AutoCloseable {
  private enum Story {
    APPROVED,
    REJECTED_THEN_APPROVED,
    PENDING_THEN_APPROVED,
    APPROVED_THEN_REFUNDED
  }

  private static final Story[] STORIES = Story.values();
  private static final String[] TITLES = {"Guitar lesson", "Yoga class", "Haircut", "Consultation"};

  private final TrafficPlan plan;
  private final Sandbox sandbox;
  private final ScheduledExecutorService timer;
  private final Consumer<String> narrator;
  private final AcuseApi acuse;
  private final Random random;
  private final String run;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger open;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile @Nullable ScheduledFuture<?> arrivals;

  /**
   * @param timer the pace; the work on it is short. Stays the caller's
   * @param narrator is told in a sentence what happens, from several threads
   */
  public CheckoutTraffic(
      TrafficPlan plan,
      Sandbox sandbox,
      ScheduledExecutorService timer,
      Consumer<String> narrator) {
    this.plan = plan;
    this.sandbox = sandbox;
    this.timer = timer;
    this.narrator = narrator;
    this.acuse = new AcuseApi(plan.acuse(), plan.apiToken(), sandbox.senders());
    this.random = new Random(plan.seed());
    // a service that kept its data must not take today's customers for yesterday's
    this.run = Long.toString(sandbox.options().clock().instant().getEpochSecond(), 36);
    this.open = new AtomicInteger(plan.count());
  }

  /** Lets the customers come. */
  public void start() {
    if (plan.count() <= 0) {
      done.complete(null);
      return;
    }
    arrivals =
        timer.scheduleAtFixedRate(this::arrive, 0, plan.pace().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends when every customer has done all its steps, or could not. */
  public CompletableFuture<Void> done() {
    return done.copy();
  }

  /** Lets no more customers come. */
  @Override
  public void close() {
    ScheduledFuture<?> coming = arrivals;
    if (coming != null) {
      coming.cancel(false);
    }
    done.complete(null);
  }

  private void arrive() {
    int number = started.incrementAndGet();
    if (number > plan.count()) {
      ScheduledFuture<?> coming = arrivals;
      if (coming != null) {
        coming.cancel(false);
      }
      return;
    }
    Story story = STORIES[random.nextInt(STORIES.length)];
    Purchase purchase = purchase(number);
    sandbox.goHighLevel().addContact(purchase.contactId(), purchase.payerEmail());
    var unused =
        acuse
            .register(purchase)
            .whenComplete(
                (status, failure) -> {
                  if (status != null && status / 100 == 2) {
                    attempt(purchase, () -> tell(purchase, story));
                  } else {
                    leave(purchase, "could not be registered: " + reason(status, failure));
                  }
                });
  }

  private Purchase purchase(int number) {
    String customer = run + "-" + number;
    return new Purchase(
        "order-" + customer,
        "contact" + run + number,
        BigDecimal.valueOf(100_000L + random.nextInt(500_000), 2),
        "ARS",
        TITLES[number % TITLES.length],
        "customer-" + customer + "@example.test");
  }

  private void tell(Purchase purchase, Story story) {
    switch (story) {
      case APPROVED -> {
        pay(purchase, PaymentOutcome.APPROVED);
        leave(purchase, "was paid");
      }
      case REJECTED_THEN_APPROVED -> {
        pay(purchase, PaymentOutcome.REJECTED);
        narrate(purchase, "was refused a card, and will try another");
        later(purchase, () -> pay(purchase, PaymentOutcome.APPROVED), "was paid with another card");
      }
      case PENDING_THEN_APPROVED -> {
        long id = pay(purchase, PaymentOutcome.PENDING);
        narrate(purchase, "will be paid in cash, later");
        later(
            purchase,
            () -> sandbox.mercadoPago().change(id, PaymentOutcome.APPROVED),
            "was paid in cash");
      }
      case APPROVED_THEN_REFUNDED -> {
        long id = pay(purchase, PaymentOutcome.APPROVED);
        narrate(purchase, "was paid");
        later(purchase, () -> sandbox.mercadoPago().refund(id), "was refunded");
      }
    }
  }

  private long pay(Purchase purchase, PaymentOutcome outcome) {
    return sandbox.mercadoPago().pay(purchase.externalReference(), outcome).payment().id();
  }

  private void later(Purchase purchase, Runnable step, String told) {
    try {
      var unused =
          timer.schedule(
              () ->
                  attempt(
                      purchase,
                      () -> {
                        step.run();
                        leave(purchase, told);
                      }),
              plan.pace().toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      leave(purchase, "was left half paid: the traffic ended");
    }
  }

  /** A step that fails ends its customer's visit, not the traffic. */
  private void attempt(Purchase purchase, Runnable step) {
    try {
      step.run();
    } catch (NoSuchElementException | IllegalStateException e) {
      leave(purchase, "could not be paid: " + e.getMessage());
    }
  }

  private void leave(Purchase purchase, String told) {
    narrate(purchase, told);
    if (open.decrementAndGet() == 0) {
      done.complete(null);
    }
  }

  private void narrate(Purchase purchase, String told) {
    narrator.accept(purchase.title() + " " + purchase.externalReference() + " " + told);
  }

  private static String reason(@Nullable Integer status, @Nullable Throwable failure) {
    return status != null ? "status " + status : String.valueOf(failure);
  }
}
