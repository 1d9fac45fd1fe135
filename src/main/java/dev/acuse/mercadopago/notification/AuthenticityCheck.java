package dev.acuse.mercadopago.notification;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.event.Place;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.notification.MercadoPagoSignature.Claim;
import dev.acuse.mercadopago.notification.MercadoPagoSignature.Result;
import dev.acuse.mercadopago.notification.MercadoPagoSignature.Verdict;
import dev.acuse.mercadopago.notification.Whose.Owner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges how far a delivery is proven to be MercadoPago's, and counts and logs what stands out.
 * Thread-safe.
 */
final class AuthenticityCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(AuthenticityCheck.class);
  private static final Duration LATE = Duration.ofMinutes(10);

  /** Public: named so since the first version, wherever the class that it says is by now. */
  private static final String SIGNATURE = "dev.acuse.mercadopago.MercadoPagoSource.signature.";

  private static final String FLAGGED = "acuse.mercadopago.flagged.";
  private static final List<String> FLAGS = List.of("late", "other_resource", "test_mode");

  /** So many secrets are held against a delivery before it is refused. */
  private static final int MOST_SECRETS = 256;

  /** So many against its head, whose body is not there yet to say whose it is. */
  private static final int MOST_FOR_HEAD = 16;

  /**
   * What is known of a delivery's authenticity, and why it is no more; no reason if verified.
   *
   * @param voucher names the signature of one that a secret has signed, though not what it is
   *     about; null of any other
   */
  record Authenticity(SignatureState state, String reason, @Nullable String voucher) {
    Authenticity(SignatureState state, String reason) {
      this(state, reason, null);
    }
  }

  private final Accounts accounts;
  private final MercadoPagoSignature signature;
  private final InstantSource clock;
  private final MetricRegistry metrics;
  private volatile Secrets latest;

  AuthenticityCheck(
      Accounts accounts, Duration tolerance, InstantSource clock, MetricRegistry metrics) {
    this.accounts = accounts;
    this.signature = new MercadoPagoSignature(List.of(), tolerance, clock);
    this.clock = clock;
    this.metrics = metrics;
    this.latest = Secrets.of(accounts.current());
    // A counter that begins at 0 shows its first move as one.
    FLAGS.forEach(flag -> metrics.counter(FLAGGED + flag));
    if (latest.all().isEmpty() && !latest.hasUnreadable()) {
      LOGGER.warn("No MP_WEBHOOK_SECRET is set: signatures of webhooks are not checked");
    }
  }

  /** The secrets as they are now; made anew only when an account or an application has changed. */
  private Secrets secrets() {
    AccountSet now = accounts.current();
    Secrets known = latest;
    if (known.accounts() != now) {
      known = Secrets.of(now);
      latest = known;
    }
    return known;
  }

  /**
   * A delivery and what is known of it.
   *
   * @param notification as it is if what is signed of it is taken
   * @param owner whose it is
   * @param isSurelyMains whether no account but {@code main} could have it
   * @param isPartial whether there are secrets that were not tried
   */
  record Judged(
      Authenticity proof,
      Notification notification,
      Owner owner,
      boolean isSurelyMains,
      boolean isPartial) {}

  /**
   * @param fully whether to try all secrets, however many there are
   */
  Judged of(Delivery delivery, Notification sent, boolean fully) {
    Secrets secrets = secrets();
    var whose = new Whose(secrets, delivery, sent);
    if (sent.ipn()) {
      // IPN carries the header, but MercadoPago says itself that it can't be verified
      return hint(whose, sent, SignatureState.UNVERIFIABLE, "IPN can't be verified");
    }
    if (secrets.all().isEmpty() && whose.isUnchecked()) {
      return unchecked(whose, sent);
    }
    Verified verified =
        verify(secrets, whose.proposed(), delivery, sent, fully ? Integer.MAX_VALUE : MOST_SECRETS);
    Secrets.Key key = verified.key();
    if (key == null) {
      return unsigned(whose, verified, sent);
    }
    report(verified.result(), verified.notification(), sent.ambiguous());
    Owner owner = whose.signedWith(key);
    Authenticity proof = proof(verified);
    boolean isOfNone = owner.place().accountId() == Place.NO_ACCOUNT;
    if (isOfNone && proof.state() != SignatureState.VERIFIED) {
      var refused = new Authenticity(SignatureState.BAD, "signature: it names no account");
      return new Judged(refused, verified.notification(), whose.hinted(), false, false);
    }
    return new Judged(proof, verified.notification(), owner, whose.isSurelyMains(), false);
  }

  private Judged unsigned(Whose whose, Verified verified, Notification sent) {
    if (whose.isUnchecked()) {
      return unchecked(whose, sent);
    }
    Result result = verified.result();
    report(result, verified.notification(), sent.ambiguous());
    if (result.verdict() == Verdict.MISMATCH && whose.mayBeUnreadable()) {
      return hint(whose, sent, SignatureState.UNVERIFIABLE, "a webhook secret can't be read");
    }
    var proof = new Authenticity(SignatureState.BAD, "signature: " + word(result));
    return new Judged(proof, verified.notification(), whose.hinted(), false, verified.isPartial());
  }

  private Judged unchecked(Whose whose, Notification sent) {
    flagTest(sent);
    return hint(whose, sent, SignatureState.UNCHECKED, "no secret is configured");
  }

  /** What nothing proves; a disconnected account takes none of it. */
  private static Judged hint(Whose whose, Notification sent, SignatureState state, String reason) {
    var proof =
        whose.claimed().isConnected()
            ? new Authenticity(state, reason)
            : new Authenticity(SignatureState.BAD, "the account is disconnected");
    return new Judged(proof, sent, whose.hinted(), false, false);
  }

  private static Authenticity proof(Verified verified) {
    if (!verified.result().valid()) {
      return new Authenticity(SignatureState.BAD, "signature: " + word(verified.result()));
    }
    // without data.id in the query the signature covers no resource: anyone who has seen one such
    // request could send it again with an id of his own
    return verified.notification().isAboutWhatIsSigned()
        ? new Authenticity(SignatureState.VERIFIED, "")
        : new Authenticity(
            SignatureState.UNVERIFIABLE, "the signature covers no resource", verified.voucher());
  }

  /**
   * Whether the head of a delivery is signed, and says what it is about. The signature covers no
   * body, so nothing that comes later can change that. Of many secrets it tries those of the
   * account that the address names and a few more.
   */
  boolean isProven(Delivery head, Notification notification) {
    Secrets secrets = secrets();
    if (secrets.all().isEmpty() || notification.signable().isEmpty()) {
      return false;
    }
    List<Secrets.Key> proposed = new Whose(secrets, head, notification).proposed();
    return verify(secrets, proposed, head, notification, MOST_FOR_HEAD).result().valid();
  }

  /**
   * @param key that gives the signature; null if none was found
   * @param voucher names the signature; null if no key was found that gives it
   * @param isPartial whether there are keys that were not tried
   */
  private record Verified(
      Result result,
      Notification notification,
      Secrets.@Nullable Key key,
      @Nullable String voucher,
      boolean isPartial) {}

  /** Of several ids the one that is signed is what the notification is about. */
  private Verified verify(
      Secrets secrets,
      List<Secrets.Key> proposed,
      Delivery delivery,
      Notification notification,
      int most) {
    List<Claim> claims = claims(delivery, notification);
    if (claims.stream().noneMatch(Claim::isWhole)) {
      return new Verified(claims.get(0).failed(), notification, null, null, false);
    }
    List<Secrets.Key> all = secrets.all();
    // However many ids a sender names, it costs no more.
    int limit = Math.max(1, most / claims.size());
    int tried = 0;
    for (Secrets.Key key : proposed) {
      if (tried++ < limit) {
        Verified fitting = fitting(key, claims, notification);
        if (fitting != null) {
          return fitting;
        }
      }
    }
    boolean isPartial = tried > limit;
    for (Secrets.Key key : all) {
      if (!proposed.contains(key)) {
        if (tried++ >= limit) {
          isPartial = true;
          break;
        }
        Verified fitting = fitting(key, claims, notification);
        if (fitting != null) {
          return fitting;
        }
      }
    }
    return new Verified(claims.get(0).failed(), notification, null, null, isPartial);
  }

  private @Nullable Verified fitting(
      Secrets.Key key, List<Claim> claims, Notification notification) {
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      if (claim.isSignedWith(key.spec())) {
        Notification signed =
            notification.signable().isEmpty()
                ? notification
                : notification.signedFor(notification.signable().get(i));
        return new Verified(
            signature.matched(key.number(), claim), signed, key, claim.name(), false);
      }
    }
    return null;
  }

  /** One for each id that may be the signed one; one without an id if there is none. */
  private static List<Claim> claims(Delivery delivery, Notification notification) {
    List<String> signatures = delivery.headers().getOrDefault("x-signature", List.of());
    List<String> requestIds = delivery.headers().getOrDefault("x-request-id", List.of());
    return notification.signable().isEmpty()
        ? List.of(MercadoPagoSignature.claim(signatures, requestIds, null))
        : notification.signable().stream()
            .map(id -> MercadoPagoSignature.claim(signatures, requestIds, id))
            .toList();
  }

  /**
   * @param isOneOfSeveral whether the query names other resources too
   */
  private void report(Result result, Notification notification, boolean isOneOfSeveral) {
    count(word(result));
    if (result.secret() > 0) {
      count("old-secret");
      LOGGER.info("Signed with secret number {}, not with the first", result.secret() + 1);
    }
    if (result.signedAt() != null) {
      Duration age = Duration.between(result.signedAt(), clock.instant());
      if (age.abs().compareTo(LATE) > 0) {
        flag("late");
        LOGGER.info("Signed {} s ago: late, or a clock is wrong", age.toSeconds());
      }
    }
    if (result.valid()) {
      flagTest(notification);
    }
    if (result.valid()
        && (isOneOfSeveral || notification.bodyDisagrees())
        && notification.hasUsableId()) {
      flag("other_resource");
      LOGGER.warn(
          "Another resource is named beside the signed one, which is {} {}",
          notification.type(),
          notification.resourceId());
    }
  }

  /** What {@code live_mode} says is not reliable: it is told to people, and decides nothing. */
  private void flagTest(Notification notification) {
    if (notification.isTest() && notification.hasUsableId()) {
      flag("test_mode");
      LOGGER.info("In test mode, by its live_mode: payment {}", notification.resourceId());
    }
  }

  /** Counts what is odd and taken all the same. */
  private void flag(String what) {
    metrics.counter(FLAGGED + what).inc();
  }

  private void count(String what) {
    metrics.counter(SIGNATURE + what).inc();
  }

  private static String word(Result result) {
    return result.verdict().name().toLowerCase(Locale.ROOT);
  }
}
