package dev.acuse.event;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into the store.
 *
 * @param webhookId the idempotency key: two new events with the same key are one event
 * @param status {@link EventStatus#PENDING}, {@link EventStatus#IGNORED} or {@link
 *     EventStatus#QUARANTINED}
 * @param reason why it is ignored or quarantined; null if it is pending
 * @param rawPayload the exact bytes received
 * @param queryString the query as received, still percent-encoded
 * @param headers the allow-listed headers, by lower-case name
 * @param place whose it is, and where it is worked off; null where a version before has written the
 *     event down, and then read as {@link Place#MAIN}
 * @param sellerId MercadoPago's user id that the event names, kept of what is no account's; null of
 *     any other
 */
// The payload is an array for its exact bytes; nobody compares two new events with equals.
@SuppressWarnings("ArrayRecordComponent")
public record NewEvent(
    String webhookId,
    String source,
    String eventType,
    @Nullable String action,
    @Nullable String resourceId,
    EventStatus status,
    @Nullable String reason,
    SignatureState signature,
    EventOrigin origin,
    byte[] rawPayload,
    @Nullable String queryString,
    Map<String, String> headers,
    Place place,
    @Nullable String sellerId) {

  /** The kind of error of an event that is verified and no account's. */
  public static final String UNKNOWN_ACCOUNT = "unknown_account";

  /** The source of the events that work effects off: no provider sends them. */
  public static final String EFFECT_SOURCE = "acuse";

  /** What a version before has written down is of its only account. */
  public NewEvent {
    place = Objects.requireNonNullElse(place, Place.MAIN);
  }

  /** An event of an account. */
  public NewEvent(
      String webhookId,
      String source,
      String eventType,
      @Nullable String action,
      @Nullable String resourceId,
      EventStatus status,
      @Nullable String reason,
      SignatureState signature,
      EventOrigin origin,
      byte[] rawPayload,
      @Nullable String queryString,
      Map<String, String> headers,
      Place place) {
    this(
        webhookId,
        source,
        eventType,
        action,
        resourceId,
        status,
        reason,
        signature,
        origin,
        rawPayload,
        queryString,
        headers,
        place,
        null);
  }

  /** Whether it is verified, and no account's: it is kept until the account is there. */
  public boolean hasUnknownAccount() {
    return place.accountId() == Place.NO_ACCOUNT;
  }

  /** The kind of its error; null if it has none. */
  public @Nullable String errorKind() {
    return hasUnknownAccount() ? UNKNOWN_ACCOUNT : null;
  }

  /** An event about MercadoPago of the account {@code main}. */
  public NewEvent(
      String webhookId,
      String source,
      String eventType,
      @Nullable String action,
      @Nullable String resourceId,
      EventStatus status,
      @Nullable String reason,
      SignatureState signature,
      EventOrigin origin,
      byte[] rawPayload,
      @Nullable String queryString,
      Map<String, String> headers) {
    this(
        webhookId,
        source,
        eventType,
        action,
        resourceId,
        status,
        reason,
        signature,
        origin,
        rawPayload,
        queryString,
        headers,
        Place.MAIN);
  }

  /**
   * An event of our own making: a look-up that an operator, a checkout or reconciliation asks for.
   */
  public static NewEvent lookUp(
      String webhookId, String source, String eventType, String resourceId, EventOrigin origin) {
    return lookUp(webhookId, source, eventType, resourceId, origin, Place.MAIN);
  }

  /** The same for an account. */
  public static NewEvent lookUp(
      String webhookId,
      String source,
      String eventType,
      String resourceId,
      EventOrigin origin,
      Place place) {
    return new NewEvent(
        webhookId,
        source,
        eventType,
        null,
        resourceId,
        EventStatus.PENDING,
        null,
        SignatureState.UNCHECKED,
        origin,
        new byte[0],
        null,
        Map.of(),
        place);
  }

  /**
   * An event that works an effect off.
   *
   * @param kind of the effect, which says what is called
   * @param place with the effect's id
   */
  public static NewEvent effect(EffectKey key, String kind, Place place) {
    return new NewEvent(
        key.webhookId(),
        EFFECT_SOURCE,
        kind,
        null,
        String.valueOf(key.effectId()),
        EventStatus.PENDING,
        null,
        SignatureState.UNCHECKED,
        EventOrigin.EFFECT,
        new byte[0],
        null,
        Map.of(),
        place);
  }
}
