package dev.acuse.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of the inbox, without its payload (which may be large; see {@code
 * EventReader.payload}). A caller asks the event itself for a value; the parts are for copies.
 *
 * @param subject what it is about
 * @param receipt how it came in
 * @param progress how far its processing is
 * @param claim the claims of it so far
 */
public record WebhookEvent(
    long id, Subject subject, Receipt receipt, Progress progress, Claim claim) {

  /**
   * What an event is about.
   *
   * @param webhookId the idempotency key
   * @param eventType the provider's topic, as sent
   * @param resourceId the provider's id of what changed; null only while quarantined
   * @param mpPaymentId MercadoPago's payment id, once known
   * @param paymentId the row of our own that stands for that payment, once known
   * @param place whose it is, and where it is worked off
   */
  public record Subject(
      String webhookId,
      String source,
      String eventType,
      @Nullable String action,
      @Nullable String resourceId,
      @Nullable String mpPaymentId,
      @Nullable String preferenceId,
      @Nullable Long paymentId,
      Place place) {}

  /**
   * How an event came in.
   *
   * @param confirmedAt when the provider confirmed what a quarantined event names; null if it never
   *     was quarantined or is still
   */
  public record Receipt(
      EventOrigin origin,
      SignatureState signature,
      Instant receivedAt,
      int deliveries,
      Instant lastDeliveredAt,
      @Nullable Instant confirmedAt) {}

  /**
   * How far the processing of an event is.
   *
   * @param attempts attempts that count against {@code maxAttempts}; an attempt that met an outage
   *     is given back
   * @param outages attempts given back because the other side was out
   * @param outageSince when the present row of outages began
   * @param nextRetryAt when the event is due; null unless pending
   * @param retriedAt when an operator last made it due again; null if none ever did
   */
  public record Progress(
      EventStatus status,
      int attempts,
      int maxAttempts,
      int outages,
      @Nullable Instant outageSince,
      @Nullable Instant nextRetryAt,
      @Nullable String lastError,
      @Nullable String lastErrorKind,
      Instant updatedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant retriedAt) {
    private Progress begun(Instant now) {
      return new Progress(
          EventStatus.PROCESSING,
          attempts + 1,
          maxAttempts,
          outages,
          outageSince,
          null,
          lastError,
          lastErrorKind,
          now,
          finishedAt,
          retriedAt);
    }
  }

  /**
   * The claims of an event so far.
   *
   * @param claimNo grows with every claim and never shrinks: the fencing token of a lease
   * @param rescues claims lost to a process that died
   * @param claimedAt when the present lease began; null without one, as the next two are
   */
  public record Claim(
      long claimNo,
      int rescues,
      @Nullable Instant claimedAt,
      @Nullable String leaseOwner,
      @Nullable Instant leaseExpiresAt) {}

  /** How the key of a look-up that an operator asks for begins, behind what it is about. */
  public static final String ASKED = "asked:";

  /**
   * Whether an operator asked for this look: an event that was retried, or made for that. An
   * attempt that is under way when an event is retried knows nothing of that, because an event that
   * is worked on is not retried.
   */
  public boolean isAsked() {
    return retriedAt() != null
        || (origin() == EventOrigin.MANUAL && webhookId().contains(":" + ASKED));
  }

  /** The event as it is while its next attempt is under way. */
  public WebhookEvent claimed(String owner, Instant now, Instant until) {
    return new WebhookEvent(
        id,
        subject,
        receipt,
        progress.begun(now),
        new Claim(claim.claimNo() + 1, claim.rescues(), now, owner, until));
  }

  /** See {@link Subject}. */
  public String webhookId() {
    return subject.webhookId();
  }

  /** See {@link Subject}. */
  public String source() {
    return subject.source();
  }

  /** See {@link Subject}. */
  public String eventType() {
    return subject.eventType();
  }

  /** See {@link Subject}. */
  public @Nullable String action() {
    return subject.action();
  }

  /** See {@link Subject}. */
  public @Nullable String resourceId() {
    return subject.resourceId();
  }

  /** See {@link Subject}. */
  public @Nullable String mpPaymentId() {
    return subject.mpPaymentId();
  }

  /** See {@link Subject}. */
  public @Nullable String preferenceId() {
    return subject.preferenceId();
  }

  /** See {@link Subject}. */
  public @Nullable Long paymentId() {
    return subject.paymentId();
  }

  /** See {@link Place}. */
  public long accountId() {
    return subject.place().accountId();
  }

  /**
   * Whether an operator may take it for genuine. What is genuine already, and no account's, leaves
   * quarantine by itself when its account is there.
   */
  public boolean mayBeReleased() {
    return status().mayBeReleased() && accountId() != Place.NO_ACCOUNT;
  }

  /** See {@link Place}. */
  public Lane lane() {
    return subject.place().lane();
  }

  /** See {@link Place}. */
  public @Nullable Long effectId() {
    return subject.place().effectId();
  }

  /** See {@link Receipt}. */
  public EventOrigin origin() {
    return receipt.origin();
  }

  /** See {@link Receipt}. */
  public SignatureState signature() {
    return receipt.signature();
  }

  /** See {@link Receipt}. */
  public Instant receivedAt() {
    return receipt.receivedAt();
  }

  /** See {@link Receipt}. */
  public int deliveries() {
    return receipt.deliveries();
  }

  /** See {@link Receipt}. */
  public Instant lastDeliveredAt() {
    return receipt.lastDeliveredAt();
  }

  /** See {@link Receipt}. */
  public @Nullable Instant confirmedAt() {
    return receipt.confirmedAt();
  }

  /** See {@link Progress}. */
  public EventStatus status() {
    return progress.status();
  }

  /** See {@link Progress}. */
  public int attempts() {
    return progress.attempts();
  }

  /** See {@link Progress}. */
  public int maxAttempts() {
    return progress.maxAttempts();
  }

  /** See {@link Progress}. */
  public int outages() {
    return progress.outages();
  }

  /** See {@link Progress}. */
  public @Nullable Instant outageSince() {
    return progress.outageSince();
  }

  /** The system whose outage holds this event back; null for none, or for our own database's. */
  public @Nullable String waitsFor() {
    boolean waits =
        status() == EventStatus.PENDING
            && outageSince() != null
            && !Attempt.DATABASE_OUT.equals(lastErrorKind());
    return waits ? lane().kind().system() : null;
  }

  /** See {@link Progress}. */
  public @Nullable Instant nextRetryAt() {
    return progress.nextRetryAt();
  }

  /** See {@link Progress}. */
  public @Nullable String lastError() {
    return progress.lastError();
  }

  /** See {@link Progress}. */
  public @Nullable String lastErrorKind() {
    return progress.lastErrorKind();
  }

  /** See {@link Progress}. */
  public Instant updatedAt() {
    return progress.updatedAt();
  }

  /** See {@link Progress}. */
  public @Nullable Instant finishedAt() {
    return progress.finishedAt();
  }

  /** See {@link Progress}. */
  public @Nullable Instant retriedAt() {
    return progress.retriedAt();
  }

  /** See {@link Claim}. */
  public long claimNo() {
    return claim.claimNo();
  }

  /** See {@link Claim}. */
  public int rescues() {
    return claim.rescues();
  }

  /** See {@link Claim}. */
  public @Nullable Instant claimedAt() {
    return claim.claimedAt();
  }

  /** See {@link Claim}. */
  public @Nullable String leaseOwner() {
    return claim.leaseOwner();
  }

  /** See {@link Claim}. */
  public @Nullable Instant leaseExpiresAt() {
    return claim.leaseExpiresAt();
  }
}
