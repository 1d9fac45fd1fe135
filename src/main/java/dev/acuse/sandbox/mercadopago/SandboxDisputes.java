package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The chargebacks and claims of a seller, and what card schemes, buyers and MercadoPago do with
 * them. The payments that they are about change with them. Thread-safe.
 */
public final class SandboxDisputes {
  private final SandboxSeller seller;
  private final DisputeBook book;
  private final DisputeIds ids;
  private final InstantSource clock;
  private final List<Consumer<SandboxChargeback>> chargebackListeners =
      new CopyOnWriteArrayList<>();
  private final List<Consumer<SandboxClaim>> claimListeners = new CopyOnWriteArrayList<>();
  private final Set<SandboxChargeback.Trait> traits = EnumSet.noneOf(SandboxChargeback.Trait.class);

  SandboxDisputes(SandboxSeller seller, DisputeBook book, DisputeIds ids, InstantSource clock) {
    this.seller = seller;
    this.book = book;
    this.ids = ids;
    this.clock = clock;
  }

  /** How the answers about chargebacks that are opened from now on look. */
  public SandboxDisputes traits(SandboxChargeback.Trait... others) {
    synchronized (traits) {
      traits.clear();
      traits.addAll(Arrays.asList(others));
    }
    return this;
  }

  /**
   * The owner of a card wants the money of these payments back: they become {@code charged_back},
   * {@code in_process}, and the seller has seven days for its documents, ten in Brazil.
   *
   * @param paymentIds in the Payments API; one at least
   * @throws NoSuchElementException if this seller has no such payment
   */
  public SandboxChargeback open(long... paymentIds) {
    return open(false, paymentIds);
  }

  /** The same, but no webhook tells of it, neither of the chargeback nor of a payment or order. */
  public SandboxChargeback openQuietly(long... paymentIds) {
    return open(true, paymentIds);
  }

  private SandboxChargeback open(boolean quietly, long... paymentIds) {
    List<SandboxPayment> payments = Arrays.stream(paymentIds).mapToObj(this::payment).toList();
    Instant now = now();
    var chargeback =
        new SandboxChargeback(
            ids.nextChargeback(),
            payments.stream().map(SandboxPayment::id).toList(),
            payments.stream()
                .map(payment -> payment.terms().amount())
                .reduce(BigDecimal.ZERO, BigDecimal::add),
            payments.get(0).terms().currency(),
            null,
            "pending",
            now.plus(Duration.ofDays(seller.site() == Site.MLB ? 10 : 7)),
            now,
            now,
            traits());
    book.keep(chargeback);
    changePayments(chargeback, PaymentOutcome.CHARGED_BACK.detail(), quietly);
    if (!quietly) {
      chargebackListeners.forEach(listener -> listener.accept(chargeback));
    }
    return chargeback;
  }

  /** The seller has lost: the payments become {@code charged_back}, {@code settled}. */
  public SandboxChargeback settle(String id) {
    return decide(id, false, "settled");
  }

  /** The seller has won: the payments become {@code charged_back}, {@code reimbursed}. */
  public SandboxChargeback reimburse(String id) {
    return decide(id, true, "reimbursed");
  }

  private SandboxChargeback decide(String id, boolean forSeller, String paymentDetail) {
    SandboxChargeback decided =
        book.changeChargeback(
            id,
            old ->
                changed(
                    old,
                    forSeller,
                    forSeller ? "valid" : old.documentationStatus(),
                    old.deadline()));
    changePayments(decided, paymentDetail, false);
    chargebackListeners.forEach(listener -> listener.accept(decided));
    return decided;
  }

  /**
   * Another {@code documentation_status}, any text.
   *
   * @throws NoSuchElementException if this seller has no such chargeback
   */
  public SandboxChargeback document(String id, String status) {
    return change(id, old -> changed(old, old.coverage(), status, old.deadline()));
  }

  /**
   * Another deadline for the seller's documents; null for none.
   *
   * @throws NoSuchElementException if this seller has no such chargeback
   */
  public SandboxChargeback deadline(String id, @Nullable Instant deadline) {
    return change(id, old -> changed(old, old.coverage(), old.documentationStatus(), deadline));
  }

  private SandboxChargeback change(String id, UnaryOperator<SandboxChargeback> change) {
    SandboxChargeback changed = book.changeChargeback(id, change);
    chargebackListeners.forEach(listener -> listener.accept(changed));
    return changed;
  }

  private SandboxChargeback changed(
      SandboxChargeback old,
      @Nullable Boolean coverage,
      String documentationStatus,
      @Nullable Instant deadline) {
    return new SandboxChargeback(
        old.id(),
        old.payments(),
        old.amount(),
        old.currency(),
        coverage,
        documentationStatus,
        deadline,
        old.created(),
        now(),
        old.traits());
  }

  /**
   * A buyer complains about a payment: it becomes {@code in_mediation}, and the seller has three
   * days to answer.
   *
   * @throws NoSuchElementException if this seller has no such payment
   */
  public SandboxClaim openClaim(long paymentId) {
    payment(paymentId);
    SandboxClaim claim = openClaim("payment", Long.toString(paymentId));
    seller.change(paymentId, PaymentOutcome.IN_MEDIATION);
    return claim;
  }

  /**
   * A buyer complains about something; no payment changes.
   *
   * @param resource {@code payment}, {@code order}, {@code shipment} or {@code purchase}
   */
  public SandboxClaim openClaim(String resource, String resourceId) {
    Instant now = now();
    var claim =
        new SandboxClaim(
            ids.nextClaim(),
            resource,
            resourceId,
            "opened",
            "mediations",
            "claim",
            "PNR3430",
            now.plus(Duration.ofDays(3)),
            null,
            now,
            now);
    book.keep(claim);
    return told(claim);
  }

  /**
   * Another status and stage, any texts.
   *
   * @throws NoSuchElementException if this seller has no such claim
   */
  public SandboxClaim moveClaim(long id, String status, String stage) {
    return told(book.changeClaim(id, old -> old.at(status, stage, now())));
  }

  /**
   * Another date until which the seller must act; null if it need not.
   *
   * @throws NoSuchElementException if this seller has no such claim
   */
  public SandboxClaim dueClaim(long id, @Nullable Instant dueDate) {
    return told(book.changeClaim(id, old -> old.due(dueDate, now())));
  }

  /**
   * Closes a claim. Its payment, if it is about one, becomes as given.
   *
   * @param reason as {@code payment_refunded} or {@code respondent_favoured}
   * @throws NoSuchElementException if this seller has no such claim
   */
  public SandboxClaim closeClaim(long id, String reason, PaymentOutcome outcome) {
    SandboxClaim closed = book.changeClaim(id, old -> old.closed(reason, now()));
    if (closed.resource().equals("payment")) {
      seller.change(Long.parseLong(closed.resourceId()), outcome);
    }
    return told(closed);
  }

  /**
   * From now on {@code GET} of this chargeback or claim is refused.
   *
   * @param status such as 403 for an application without the right, or 404; 200 ends that
   */
  public void refuse(String id, int status) {
    book.refuse(id, status);
  }

  /** The chargeback of this id, as it is now. */
  public Optional<SandboxChargeback> chargeback(String id) {
    return book.chargeback(id);
  }

  /** The claim of this id, as it is now. */
  public Optional<SandboxClaim> claim(long id) {
    return book.claim(id);
  }

  /** Every chargeback, the oldest first. */
  public List<SandboxChargeback> chargebacks() {
    return book.chargebacks();
  }

  /** Every claim, the oldest first. */
  public List<SandboxClaim> claims() {
    return book.claims();
  }

  /**
   * Tells of every later change of a chargeback. Called in the thread of the change, after it: must
   * be quick and must not throw.
   */
  public void onChargebackChanged(Consumer<SandboxChargeback> listener) {
    chargebackListeners.add(listener);
  }

  /** The same for claims. */
  public void onClaimChanged(Consumer<SandboxClaim> listener) {
    claimListeners.add(listener);
  }

  List<SandboxChargeback> chargebacksOf(long paymentId) {
    return book.chargebacksOf(paymentId);
  }

  int refusal(String id) {
    return book.refusal(id);
  }

  private void changePayments(SandboxChargeback chargeback, String detail, boolean quietly) {
    String status = PaymentOutcome.CHARGED_BACK.status();
    for (long id : chargeback.payments()) {
      if (quietly) {
        seller.changeQuietly(id, status, detail);
      } else {
        seller.change(id, status, detail);
      }
    }
  }

  private SandboxClaim told(SandboxClaim claim) {
    claimListeners.forEach(listener -> listener.accept(claim));
    return claim;
  }

  private SandboxPayment payment(long id) {
    return seller.payment(id).orElseThrow(() -> new NoSuchElementException("no payment " + id));
  }

  private Set<SandboxChargeback.Trait> traits() {
    synchronized (traits) {
      return Set.copyOf(traits);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
