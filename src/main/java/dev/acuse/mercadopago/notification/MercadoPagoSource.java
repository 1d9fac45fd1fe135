package dev.acuse.mercadopago.notification;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.Accounts;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.SignatureState;
import dev.acuse.inbox.UnknownAccounts;
import dev.acuse.intake.Delivery;
import dev.acuse.intake.WebhookSource;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.notification.AuthenticityCheck.Authenticity;
import dev.acuse.mercadopago.notification.AuthenticityCheck.Judged;
import dev.acuse.mercadopago.notification.NotificationBody.Shape;
import dev.acuse.mercadopago.notification.Whose.Owner;
import dev.acuse.text.Text;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies and identifies what MercadoPago sends: webhooks, IPN, and whatever else arrives at the
 * same address. Thread-safe.
 */
public final class MercadoPagoSource implements WebhookSource {

  private static final int MAX_ACTION_LENGTH = 64;
  private static final int MAX_QUERY_LENGTH = 4096;

  private final Accounts accounts;
  private final AuthenticityCheck authenticity;
  private final boolean ignoreIpn;
  private final Supplier<UUID> quarantineIds;

  /**
   * @param accounts whose webhooks they are, and by which secrets that is told
   * @param quarantineIds keys of refused deliveries; random, so that nobody can take a genuine
   *     delivery's key
   * @param metrics counts the verdicts on signatures
   */
  public MercadoPagoSource(
      MercadoPagoConfiguration configuration,
      Accounts accounts,
      InstantSource clock,
      Supplier<UUID> quarantineIds,
      MetricRegistry metrics) {
    this.accounts = accounts;
    this.authenticity =
        new AuthenticityCheck(
            accounts, configuration.signatureTolerance().toJavaDuration(), clock, metrics);
    this.ignoreIpn = configuration.ipn() == MercadoPagoConfiguration.Ipn.IGNORE;
    this.quarantineIds = quarantineIds;
  }

  @Override
  public String name() {
    return Topic.SOURCE;
  }

  @Override
  public boolean isProven(Delivery head) {
    return authenticity.isProven(head, Notification.of(head));
  }

  @Override
  public Delivery kept(Delivery delivery) {
    Delivery redacted = Redaction.of(delivery);
    Map<String, List<String>> headers = new TreeMap<>(redacted.headers());
    headers.keySet().retainAll(KeptHeaders.READ);
    return new Delivery(redacted.body(), redacted.queryString(), headers, redacted.account());
  }

  @Override
  public Examined examine(Delivery delivery) {
    return examine(delivery, false);
  }

  @Override
  public Examined examineFully(Delivery delivery) {
    return examine(delivery, true);
  }

  private Examined examine(Delivery delivery, boolean fully) {
    // Before it is judged: what becomes known meanwhile does no harm.
    boolean isKnown = accounts.isKnown() && (fully || isAddressKnown(delivery));
    Judged judged = authenticity.of(delivery, Notification.of(delivery), fully);
    Delivery kept = Redaction.of(delivery);
    Flaw flaw = flaw(judged.proof(), judged.notification());
    if (!isKnown
        && !judged.isSurelyMains()
        && (flaw == null || flaw.refusal() == Refusal.SIGNATURE)) {
      return undecided(judged, kept);
    }
    return flaw == null ? accepted(judged, kept) : refused(flaw, judged, kept);
  }

  /** An account that the address names, and that is not known, may have been made elsewhere. */
  private boolean isAddressKnown(Delivery delivery) {
    String name = delivery.account();
    return name == null || accounts.current().byName(name).isPresent();
  }

  private Undecided undecided(Judged judged, Delivery delivery) {
    NewEvent event = quarantined(new Flaw(Refusal.SIGNATURE, "not judged yet"), judged, delivery);
    boolean isSigned = judged.proof().state() == SignatureState.VERIFIED;
    return new Undecided(event, judged.owner().budget(), isSigned);
  }

  @Override
  public Optional<NewEvent> asTrusted(ReceivedRequest refused, Place place) {
    // Redacted too: a version before this one may have kept more.
    Delivery delivery = Redaction.of(Delivery.of(refused));
    Notification notification = Notification.of(delivery);
    String resourceId = notification.resourceId();
    if (resourceId == null || !notification.hasUsableId() || notification.ambiguous()) {
      return Optional.empty();
    }
    var fate = new Fate(key(delivery, notification, resourceId), EventStatus.PENDING, null);
    var proof = new Authenticity(SignatureState.UNVERIFIABLE, "released by an operator");
    var owner = new Owner(place, null, place.accountId());
    // An operator believes it, so it is of the topic that it names.
    return Optional.of(
        event(fate, proof, delivery, notification, notification.type(), resourceId, owner));
  }

  private static String key(Delivery delivery, Notification notification, String resourceId) {
    String key = DeliveryKey.of(delivery, notification.type(), resourceId);
    return NamedBeside.marked(key, delivery, notification, resourceId);
  }

  private record Flaw(Refusal refusal, String reason) {}

  /** Why a delivery is refused; null if it is not. */
  private static @Nullable Flaw flaw(Authenticity proof, Notification notification) {
    // first of all: whoever can't sign learns nothing of what else is wrong
    if (proof.state() == SignatureState.BAD) {
      return new Flaw(Refusal.SIGNATURE, proof.reason() + named(notification));
    }
    Flaw unreadable = unreadable(proof, notification);
    return unreadable != null ? unreadable : unidentified(proof, notification);
  }

  /**
   * Which application the body names: the usual cause of a signature that does not match is another
   * application's secret. Nothing proves it, and it is digits only.
   */
  private static String named(Notification notification) {
    String application = notification.body().applicationId();
    return application == null ? "" : "; the body names application " + application;
  }

  /**
   * A signed id says all there is to know, and so does IPN's, whose body has always been optional.
   */
  private static @Nullable Flaw unreadable(Authenticity proof, Notification notification) {
    boolean idSuffices = proof.state() == SignatureState.VERIFIED || notification.ipn();
    if (idSuffices && notification.resourceId() != null) {
      return null;
    }
    return switch (notification.body().shape()) {
      case EMPTY -> new Flaw(Refusal.EMPTY_BODY, "there is no body");
      case MALFORMED -> new Flaw(Refusal.MALFORMED_JSON, "the body is not JSON");
      case NOT_AN_OBJECT, OBJECT -> null;
    };
  }

  private static @Nullable Flaw unidentified(Authenticity proof, Notification notification) {
    if (notification.ambiguous() && proof.state() != SignatureState.VERIFIED) {
      return new Flaw(Refusal.BAD_RESOURCE_ID, "the query names several resources");
    }
    if (notification.resourceId() == null) {
      return new Flaw(Refusal.BAD_RESOURCE_ID, "neither the query nor the body names a resource");
    }
    if (!notification.hasUsableId()) {
      return new Flaw(
          Refusal.BAD_RESOURCE_ID, "the resource id is not of the form that may go into a look-up");
    }
    return null;
  }

  private Refused refused(Flaw flaw, Judged judged, Delivery delivery) {
    NewEvent event = quarantined(flaw, judged, delivery);
    return new Refused(flaw.refusal(), event, judged.owner().budget(), judged.isPartial());
  }

  private NewEvent quarantined(Flaw flaw, Judged judged, Delivery delivery) {
    Notification notification = judged.notification();
    String key = "quarantine:" + quarantineIds.get();
    boolean isClear = notification.hasUsableId() && !notification.ambiguous();
    String id = isClear ? notification.resourceId() : null;
    var fate = new Fate(key, EventStatus.QUARANTINED, flaw.reason());
    // What is refused is in no lane of what is kept until its account is there.
    Owner owner =
        judged.owner().place().accountId() == Place.NO_ACCOUNT
            ? new Owner(Place.MAIN, null, Place.NO_ACCOUNT)
            : judged.owner();
    return event(fate, judged.proof(), delivery, notification, keptType(judged), id, owner);
  }

  /**
   * The topic as it is stored. What nothing proves may name a million topics of its own, or one in
   * a million spellings: these are one, so that whatever counts by topic stays bounded. What was
   * sent stays in query, body and key.
   */
  private static String keptType(Judged judged) {
    String type = judged.notification().type();
    if (judged.proof().state() == SignatureState.VERIFIED) {
      return type;
    }
    return Topic.isKnown(type) ? type.toLowerCase(Locale.ROOT) : Notification.UNKNOWN_TYPE;
  }

  private Accepted accepted(Judged judged, Delivery delivery) {
    Notification notification = judged.notification();
    Owner owner = judged.owner();
    String resourceId = Objects.requireNonNull(notification.resourceId());
    Fate fate = fate(delivery, notification, resourceId, owner);
    NewEvent event =
        event(fate, judged.proof(), delivery, notification, keptType(judged), resourceId, owner);
    return new Accepted(event, owner.budget(), judged.proof().voucher());
  }

  private Fate fate(Delivery delivery, Notification notification, String resourceId, Owner owner) {
    String key = key(delivery, notification, resourceId);
    if (owner.place().accountId() == Place.NO_ACCOUNT) {
      String seller = owner.sellerId() == null ? "no seller is named" : owner.sellerId();
      return new Fate(
          UnknownAccounts.key(key, owner.place().lane()),
          EventStatus.QUARANTINED,
          "no account has its seller: " + seller);
    }
    String ignored = reasonToIgnore(notification);
    return new Fate(key, ignored == null ? EventStatus.PENDING : EventStatus.IGNORED, ignored);
  }

  private @Nullable String reasonToIgnore(Notification notification) {
    if (notification.ipn()) {
      return ignoreIpn ? "IPN is ignored by configuration" : null;
    }
    return notification.body().shape() == Shape.NOT_AN_OBJECT ? "the body is not an object" : null;
  }

  private record Fate(String key, EventStatus status, @Nullable String reason) {}

  private static NewEvent event(
      Fate fate,
      Authenticity proof,
      Delivery delivery,
      Notification notification,
      String type,
      @Nullable String resourceId,
      Owner owner) {
    return new NewEvent(
        fate.key(),
        Topic.SOURCE,
        type,
        Text.clean(notification.body().action(), MAX_ACTION_LENGTH),
        resourceId,
        fate.status(),
        fate.reason(),
        proof.state(),
        EventOrigin.WEBHOOK,
        delivery.body(),
        Text.clean(delivery.queryString(), MAX_QUERY_LENGTH),
        KeptHeaders.of(delivery),
        owner.place(),
        owner.sellerId());
  }
}
