package dev.acuse.intake;

import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.ReceivedRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Acuse must know of one provider to take its webhooks. Implementations are thread-safe, do no
 * I/O and never throw, whatever the sender sent.
 */
public interface WebhookSource {

  /** The last segment of the webhook's path, and the {@code source} of its events. */
  String name();

  /**
   * Whether the head of a delivery alone proves that it is the provider's: a secret has signed what
   * it is about. Counts and logs nothing, because {@link #examine} follows.
   *
   * @param head a delivery whose body has not been read, and is empty here
   */
  boolean isProven(Delivery head);

  /** Verifies a delivery and says what it is, and whose. */
  Examined examine(Delivery delivery);

  /** The same, by all secrets that there are, however many: for few deliveries a second. */
  Examined examineFully(Delivery delivery);

  /**
   * What of a delivery may be kept to be examined later: all that an examination reads, and no
   * token beside it.
   */
  Delivery kept(Delivery delivery);

  /**
   * What a refused delivery says it is, for an operator who believes it: the event under its
   * genuine key, pending, as a hint that proves nothing. Empty if it names no usable resource.
   *
   * @param place whose the refused delivery is
   */
  Optional<NewEvent> asTrusted(ReceivedRequest refused, Place place);

  /** What a delivery turned out to be. */
  sealed interface Examined {
    /** The event to keep. */
    NewEvent event();

    /** The id of the account whose budget it takes; 0 for that of all that are no account's. */
    long budget();
  }

  /**
   * A delivery to be stored under its idempotency key and acknowledged with 200.
   *
   * @param voucher names the signature of one that the provider has signed, though not what it is
   *     about: the event is a hint all the same; null of any other
   */
  record Accepted(NewEvent event, long budget, @Nullable String voucher) implements Examined {}

  /**
   * A delivery to be refused, and kept as quarantined under a random key of its own.
   *
   * @param refusal what the sender is told
   * @param isPartial whether there are secrets by which it was not examined
   */
  record Refused(Refusal refusal, NewEvent event, long budget, boolean isPartial)
      implements Examined {}

  /**
   * A delivery of which it cannot be told whose it is before the accounts, or the one that its
   * address names, are known: to be kept as it came, and to be examined in full then.
   *
   * @param event what is kept of it if it never can be: as quarantined, under a random key
   * @param isSigned whether a secret vouches for it
   */
  record Undecided(NewEvent event, long budget, boolean isSigned) implements Examined {}

  /** Why a delivery is refused. */
  enum Refusal {
    /** A signature was due and is missing or wrong; the sender is not told more. */
    SIGNATURE(401, "signature", "The request is not authenticated."),
    /** There is no body, and nothing that makes up for it. */
    EMPTY_BODY(400, "empty_body", "The body is empty."),
    /** The body is not JSON, and nothing makes up for it. */
    MALFORMED_JSON(400, "malformed_json", "The body is not valid JSON."),
    /** No usable resource id is anywhere in the request. */
    BAD_RESOURCE_ID(400, "bad_resource_id", "The request names no usable resource id.");

    private final int status;
    private final String code;
    private final String detail;

    Refusal(int status, String code, String detail) {
      this.status = status;
      this.code = code;
      this.detail = detail;
    }

    /** The HTTP status to answer with. */
    public int status() {
      return status;
    }

    /** The stable word for it in the answer and in metrics. */
    public String code() {
      return code;
    }

    /** One sentence for the sender. */
    public String detail() {
      return detail;
    }
  }
}
