package dev.acuse.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant; what is null does not narrow them. Immutable: each method answers a
 * filter that is narrower by one criterion, or the same one for null.
 *
 * @param type the provider's topic, as sent
 * @param mpPaymentId MercadoPago's payment id
 * @param from received at this time or later
 * @param to received before this time
 * @param errorKind the stable word for what went wrong last
 */
public record EventFilter(
    @Nullable EventStatus status,
    @Nullable String type,
    @Nullable EventOrigin origin,
    @Nullable String mpPaymentId,
    @Nullable String preferenceId,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable Search search,
    @Nullable String errorKind) {

  /** Every event. */
  public static final EventFilter ALL =
      new EventFilter(null, null, null, null, null, null, null, null, null);

  /**
   * Words of an operator: how a webhook id begins, or the id of a resource, payment or preference.
   *
   * @param paymentIds rows of our payments that the words fit as well
   */
  public record Search(String text, List<Long> paymentIds) {
    /** Copies the list. */
    public Search {
      paymentIds = List.copyOf(paymentIds);
    }
  }

  /** Only events in this status. */
  public EventFilter withStatus(@Nullable EventStatus only) {
    return new EventFilter(
        only, type, origin, mpPaymentId, preferenceId, from, to, search, errorKind);
  }

  /** Only events of this type. */
  public EventFilter withType(@Nullable String only) {
    return new EventFilter(
        status, only, origin, mpPaymentId, preferenceId, from, to, search, errorKind);
  }

  /** Only events of this origin. */
  public EventFilter withOrigin(@Nullable EventOrigin only) {
    return new EventFilter(
        status, type, only, mpPaymentId, preferenceId, from, to, search, errorKind);
  }

  /** Only events of this payment at MercadoPago. */
  public EventFilter withMpPaymentId(@Nullable String only) {
    return new EventFilter(status, type, origin, only, preferenceId, from, to, search, errorKind);
  }

  /** Only events of this preference. */
  public EventFilter withPreferenceId(@Nullable String only) {
    return new EventFilter(status, type, origin, mpPaymentId, only, from, to, search, errorKind);
  }

  /** Only events received from one time on, and before another. */
  public EventFilter receivedBetween(@Nullable Instant first, @Nullable Instant end) {
    return new EventFilter(
        status, type, origin, mpPaymentId, preferenceId, first, end, search, errorKind);
  }

  /** Only events of which this went wrong last. */
  public EventFilter withErrorKind(@Nullable String only) {
    return new EventFilter(status, type, origin, mpPaymentId, preferenceId, from, to, search, only);
  }

  /** Only events that the words fit. */
  public EventFilter matching(@Nullable Search words) {
    return new EventFilter(
        status, type, origin, mpPaymentId, preferenceId, from, to, words, errorKind);
  }

  /**
   * Whether events that work effects off may match: those that failed, because a customer without a
   * tag must not vanish from sight, and those that are asked for by their origin or by how their
   * key begins. All others belong to the webhook that they follow from.
   */
  public boolean takesEffects() {
    return origin != null
        ? origin == EventOrigin.EFFECT
        : status == EventStatus.FAILED
            || (search != null && search.text().startsWith(EffectKey.PREFIX));
  }
}
