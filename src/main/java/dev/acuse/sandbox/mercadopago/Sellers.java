package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Caller;
import dev.acuse.sandbox.http.Callers;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.RequestLog;
import dev.acuse.sandbox.http.Tokens;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every seller and application, and whose each token is. Thread-safe. */
final class Sellers implements Callers {
  private final long seed;
  private final InstantSource clock;
  private final Supplier<RequestLog> log;
  private final ResourceIds ids;
  private final OnlineOrderIds orderIds;
  private final DisputeIds disputeIds;
  private final AtomicLong lastNotificationId;
  private final Tokens<SandboxSeller> tokens = new Tokens<>();
  private final Map<Long, SandboxSeller> sellers = new LinkedHashMap<>();
  private final Map<String, SandboxApplication> applications = new LinkedHashMap<>();
  private volatile boolean payersMayRead;

  /**
   * @param seed of the sellers' random faults
   * @param log of the server, once there is one
   */
  Sellers(long seed, InstantSource clock, Supplier<RequestLog> log) {
    this.seed = seed;
    this.clock = clock;
    this.log = log;
    this.ids = new ResourceIds(clock);
    this.orderIds = new OnlineOrderIds(clock);
    this.disputeIds = new DisputeIds(clock);
    this.lastNotificationId = new AtomicLong(clock.millis() / 10);
  }

  /** The application of this id; a new one, with an invented secret, if it is new. */
  SandboxApplication application(String id) {
    return application(id, "sandbox-webhook-secret-" + id);
  }

  synchronized SandboxApplication application(String id, String secretOfNew) {
    return applications.computeIfAbsent(id, unknown -> new SandboxApplication(id, secretOfNew));
  }

  /** The seller of this id; without one a new one, of the first application. */
  SandboxSeller findOrMake(long userId) {
    return findOrMake(userId, "SELLER" + userId, "APP_USR-sandbox-token-" + userId);
  }

  /** The seller of this id with one more token, or a new one with this token alone. */
  synchronized SandboxSeller findOrMake(long userId, String token) {
    SandboxSeller seller = findOrMake(userId, "SELLER" + userId, token);
    return seller.token(token);
  }

  synchronized SandboxSeller findOrMake(long userId, String nickname, String token) {
    SandboxSeller known = sellers.get(userId);
    if (known != null) {
      return known;
    }
    var seller =
        new SandboxSeller(
            userId,
            nickname,
            application(SandboxApplication.FIRST),
            this,
            new SandboxState(userId, clock, ids),
            seed + sellers.size());
    tokens.add(token, seller);
    sellers.put(userId, seller);
    return seller;
  }

  synchronized Optional<SandboxSeller> find(long userId) {
    return Optional.ofNullable(sellers.get(userId));
  }

  synchronized List<SandboxSeller> all() {
    return List.copyOf(sellers.values());
  }

  Tokens<SandboxSeller> tokens() {
    return tokens;
  }

  RequestLog log() {
    return log.get();
  }

  OnlineOrderIds orderIds() {
    return orderIds;
  }

  DisputeIds disputeIds() {
    return disputeIds;
  }

  InstantSource clock() {
    return clock;
  }

  AtomicLong lastNotificationId() {
    return lastNotificationId;
  }

  /** The seller that may call with the request's token. */
  Optional<SandboxSeller> caller(Request request) {
    return Optional.ofNullable(request.bearer()).flatMap(tokens::caller);
  }

  @Override
  public Optional<Caller> of(Request request) {
    return Optional.ofNullable(request.bearer())
        .flatMap(tokens::account)
        .map(seller -> new Caller(Long.toString(seller.userId()), seller.faults()));
  }

  void payersMayRead(boolean may) {
    payersMayRead = may;
  }

  /** What a seller may see of a payment: its own, and if payers may read, what it paid. */
  Optional<SandboxPayment> payment(long id, SandboxSeller caller) {
    return caller
        .payment(id)
        .or(
            () ->
                payersMayRead
                    ? paidBy(caller).filter(payment -> payment.id() == id).findFirst()
                    : Optional.empty());
  }

  /** What a seller finds when it searches: what it was paid, and what it paid to others. */
  List<SandboxPayment> found(SandboxSeller caller) {
    return Stream.concat(caller.payments().stream(), paidBy(caller)).toList();
  }

  private Stream<SandboxPayment> paidBy(SandboxSeller payer) {
    return all().stream()
        .filter(seller -> seller != payer)
        .flatMap(seller -> seller.books().paidBy(payer.userId()).stream());
  }

  /** Whether another seller has a merchant order of this id. */
  boolean anyOtherHasOrder(long id, SandboxSeller caller) {
    return all().stream().anyMatch(seller -> seller != caller && seller.order(id).isPresent());
  }

  /** The preference of this id, of any seller, or else the first seller's of this reference. */
  Optional<SandboxPreference> preference(String idOrReference, SandboxSeller first) {
    return first
        .books()
        .preference(idOrReference)
        .or(
            () ->
                all().stream()
                    .flatMap(seller -> seller.books().preferenceOfId(idOrReference).stream())
                    .findFirst());
  }
}
