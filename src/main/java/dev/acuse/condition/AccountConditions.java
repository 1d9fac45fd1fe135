package dev.acuse.condition;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Condition.Rule;
import dev.acuse.condition.Conditions.Sources;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.UnhandledTopic;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteLane;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.RemoteSystem.State;
import dev.acuse.remote.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What may be wrong with an account, or with what is no account's. */
final class AccountConditions {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  /** So late a reconciliation is not just slow. */
  private static final Duration OVERDUE = Duration.ofMinutes(10);

  private final Sources sources;
  private final Limits limits;
  private final InstantSource clock;
  private final Instant startedAt;
  private final long account;
  private final Scope scope;
  private final List<Condition> all = new ArrayList<>();

  private AccountConditions(
      Sources sources, Limits limits, InstantSource clock, long account, Scope scope) {
    this.sources = sources;
    this.limits = limits;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.account = account;
    this.scope = scope;
  }

  /** Of {@code main} while there is no other account: everything is its own. */
  static AccountConditions ofMainAlone(Sources sources, Limits limits, InstantSource clock) {
    var main = new AccountConditions(sources, limits, clock, Condition.MAIN, Scope.everything());
    main.addCounts(
        inbox -> count(inbox, EventStatus.FAILED),
        Reading::misfits,
        inbox -> count(inbox, EventStatus.QUARANTINED));
    main.addQuarantineGrowing("MP_WEBHOOK_SECRET", inbox -> count(inbox, EventStatus.QUARANTINED));
    main.addUnhandled(topic -> true);
    main.add(Kind.LATE, "", inbox -> main.late(inbox, lane -> true, Backlogged.ANY));
    for (RemoteSystem system : sources.downstreams()) {
      main.addDownstream(system.name(), () -> Standing.of(system), true);
    }
    main.addReconciliation(() -> true, Comparisons.ofAll(sources.reconciliations()));
    return main;
  }

  /** Of what is no account's, where there are several: systems, and lanes that no account has. */
  static AccountConditions ofNoAccount(
      Sources sources, Limits limits, KnownAccounts known, InstantSource clock) {
    long id = Condition.INSTALLATION;
    var none = new AccountConditions(sources, limits, clock, id, Scope.of(id));
    none.add(Kind.QUARANTINED, "", inbox -> counted(in(inbox.get().byAccount().quarantined(), id)));
    none.addQuarantineGrowing(
        "the secret of an application", inbox -> in(inbox.byAccount().quarantined(), id));
    none.add(
        Kind.LATE,
        "",
        inbox -> {
          Set<Lane> owned =
              known.ids().stream()
                  .flatMap(account -> known.lanesOf(account).stream())
                  .collect(Collectors.toSet());
          return none.late(inbox, lane -> !owned.contains(lane), Backlogged.ANY);
        });
    for (RemoteSystem system : sources.downstreams()) {
      none.addDownstream(system.name(), () -> Standing.ofItself(system), false);
    }
    return none;
  }

  /** Of one of several accounts; what is said of it begins with its name. */
  static AccountConditions of(
      Sources sources,
      Limits limits,
      Accounts accounts,
      KnownAccounts known,
      InstantSource clock,
      Account account) {
    long id = account.id();
    var one = new AccountConditions(sources, limits, clock, id, Scope.of(id));
    BooleanSupplier isActive =
        () -> accounts.current().byId(id).filter(Account::isActive).isPresent();
    BooleanSupplier isCompared =
        () ->
            accounts
                .current()
                .byId(id)
                .filter(now -> now.isActive() && now.accessToken().isSet())
                .isPresent();
    one.addCounts(
        inbox -> in(inbox.byAccount().failed(), id),
        inbox -> in(inbox.byAccount().misfits(), id),
        inbox -> in(inbox.byAccount().quarantined(), id));
    one.addQuarantineGrowing(
        "its application's webhook secret", inbox -> in(inbox.byAccount().quarantined(), id));
    one.addUnhandled(topic -> topic.accountId() == id);
    one.add(
        Kind.LATE,
        "",
        inbox ->
            isActive.getAsBoolean()
                ? one.late(
                    inbox,
                    lane -> known.lanesOf(id).contains(lane),
                    // Another account may share the lane: then its own events are looked at.
                    late -> sources.events().oldestDue(Scope.of(id)))
                : null);
    for (RemoteSystem system : sources.downstreams()) {
      one.addDownstream(
          system.name(),
          () -> Standing.ofLanes(system, known.lanesOf(id).stream().map(Lane::code).toList()),
          true);
    }
    one.addReconciliation(isCompared, Comparisons.of(id));
    return one.named(account.name());
  }

  private AccountConditions named(String name) {
    all.replaceAll(
        condition ->
            new Condition(
                condition.kind(),
                condition.account(),
                condition.subject(),
                inbox -> {
                  Problem problem = condition.look(inbox);
                  return problem == null ? null : problem.about(name);
                }));
    return this;
  }

  /** They, in the order in which they are looked at. */
  List<Condition> all() {
    return List.copyOf(all);
  }

  private void add(Kind kind, String subject, Rule rule) {
    all.add(new Condition(kind, account, subject, rule));
  }

  private void addCounts(
      ToLongFunction<Reading> failed,
      ToLongFunction<Reading> misfits,
      ToLongFunction<Reading> quarantined) {
    add(Kind.FAILED, "", inbox -> failed(failed.applyAsLong(inbox.get())));
    add(
        Kind.ACCOUNT_MISMATCH,
        "",
        inbox -> failed.applyAsLong(inbox.get()) == 0 ? null : accountMismatch());
    add(Kind.MISFIT, "", inbox -> misfit(misfits.applyAsLong(inbox.get())));
    add(Kind.QUARANTINED, "", inbox -> counted(quarantined.applyAsLong(inbox.get())));
  }

  private static long in(Map<Long, Long> counts, long id) {
    return counts.getOrDefault(id, 0L);
  }

  private static long count(Reading inbox, EventStatus status) {
    return inbox.backlog().events().all(status);
  }

  /** A count that only the console tells of. */
  private static @Nullable Problem counted(long count) {
    return count == 0 ? null : Problem.of(count);
  }

  private @Nullable Problem failed(long failed) {
    return failed == 0
        ? null
        : new Problem(
            failed,
            () ->
                "%d events have failed and wait for an operator%s"
                    .formatted(failed, latestFailure()));
  }

  /** Looked for only where something has failed at all. */
  private @Nullable Problem accountMismatch() {
    long mismatches = sources.events().countFailed(scope, Attempt.ACCOUNT_MISMATCH);
    return mismatches == 0
        ? null
        : Problem.of(
            mismatches,
            "%d events lead to another account than their own, and nothing was called: please report it"
                .formatted(mismatches));
  }

  private String latestFailure() {
    return sources
        .events()
        .page(scope, EventFilter.ALL.withStatus(EventStatus.FAILED), null, 1)
        .stream()
        .findFirst()
        .map(AccountConditions::reason)
        .orElse("");
  }

  private static String reason(WebhookEvent event) {
    return ". The latest is event %d (%s): %s"
        .formatted(event.id(), event.webhookId(), event.lastErrorKind());
  }

  private @Nullable Problem misfit(long misfits) {
    return misfits == 0
        ? null
        : new Problem(
            misfits,
            () ->
                "%d approved payments do not fit their checkout and tag nobody: accept them or pay them back%s"
                    .formatted(misfits, latestMisfit()));
  }

  private String latestMisfit() {
    var unsettled = new PaymentFilter("approved", null, null, null, true);
    return sources.payments().payments(scope, unsettled, null, 1).stream()
        .findFirst()
        .map(AccountConditions::reason)
        .orElse("");
  }

  private static String reason(Payment payment) {
    return ". The latest is payment %d (MercadoPago's %s): %s"
        .formatted(payment.id(), payment.mpPaymentId(), payment.flag());
  }

  /**
   * @param secret what is wrong, in all likelihood
   * @param all how many are quarantined at all: only where these are enough, the fresh are counted
   */
  private void addQuarantineGrowing(String secret, ToLongFunction<Reading> all) {
    long enough = Math.min(limits.quarantined(), Conditions.MOST_COUNTED);
    add(
        Kind.QUARANTINE_GROWING,
        "",
        inbox -> all.applyAsLong(inbox.get()) < enough ? null : quarantineGrowing(secret));
  }

  private @Nullable Problem quarantineGrowing(String secret) {
    Instant since = clock.instant().minus(AN_HOUR);
    long fresh =
        sources
            .operations()
            .count(
                scope,
                EventFilter.ALL.withStatus(EventStatus.QUARANTINED).receivedBetween(since, null));
    return fresh < limits.quarantined()
        ? null
        : Problem.of(
            fresh,
            "%d webhooks were refused and quarantined within an hour: is %s right?"
                .formatted(fresh, secret));
  }

  /** What no handler takes waits for a version that has one. */
  private void addUnhandled(Predicate<UnhandledTopic> own) {
    add(
        Kind.UNHANDLED,
        "",
        inbox ->
            counted(
                inbox.get().unhandled().stream()
                    .filter(own)
                    .mapToLong(UnhandledTopic::verified)
                    .sum()));
  }

  /** Narrows lanes in which something is late to what is late of an account. */
  @FunctionalInterface
  private interface Backlogged {
    /** Whatever waits in the lanes is meant. */
    Backlogged ANY = late -> late;

    Map<Lane, Instant> of(Map<Lane, Instant> late);
  }

  /** While the inbox is paused, no event is late: that nothing is claimed was asked for. */
  private @Nullable Problem late(Supplier<Reading> inbox, Predicate<Lane> lanes, Backlogged own) {
    Reading now = inbox.get();
    Map<Lane, Instant> late = tooOld(now.backlog().oldestDue(), lanes);
    Instant oldest =
        (late.isEmpty() ? late : tooOld(own.of(late), lanes))
            .values().stream().min(Comparator.naturalOrder()).orElse(null);
    return oldest == null || now.paused()
        ? null
        : Problem.of(
            limits.backlog(),
            "an event has been due for %d s"
                .formatted(Duration.between(oldest, clock.instant()).toSeconds()));
  }

  /**
   * Without lanes that are told of otherwise, because a breaker holds them back, or that have as
   * many calls as their rate allows: what waits there waits by right.
   */
  private Map<Lane, Instant> tooOld(Map<Lane, Instant> due, Predicate<Lane> lanes) {
    Instant now = clock.instant();
    Map<Lane, Instant> late = new HashMap<>(due);
    late.keySet().removeIf(lane -> !lanes.test(lane) || isHeldBack(lane));
    late.values().removeIf(since -> Duration.between(since, now).compareTo(limits.backlog()) <= 0);
    return late;
  }

  private boolean isHeldBack(Lane lane) {
    return sources.downstreams().stream()
        .filter(system -> system.name().equals(lane.kind().system()))
        .anyMatch(system -> isHeldBack(system, lane));
  }

  private static boolean isHeldBack(RemoteSystem system, Lane lane) {
    if (system.isHeld(lane.code())) {
      return true;
    }
    RemoteLane its = system.lane(lane.code());
    return !its.isUp() || its.rate().isUsedUp();
  }

  /**
   * @param hasToken whether callers of it have one
   */
  private void addDownstream(String name, Supplier<Standing> standing, boolean hasToken) {
    String here = name + "@" + sources.books().instance();
    add(Kind.DOWN, name, inbox -> down(standing.get()));
    if (hasToken) {
      add(Kind.TOKEN_REFUSED, here, inbox -> refused(standing.get()));
      add(Kind.NO_TOKEN, here, inbox -> noToken(standing.get()));
    }
    add(Kind.OUT_FOR_LONG, here, new Outage(standing, limits.outage(), clock));
  }

  private static @Nullable Problem down(Standing downstream) {
    return downstream.state() == State.OUT
        ? Problem.of(downstream.name(), "it is out: " + downstream.cause(), downstream.cause())
        : null;
  }

  private static @Nullable Problem refused(Standing downstream) {
    return downstream.state() == State.REFUSED
        ? Problem.of(
            downstream.name(),
            "%s refuses our token: events wait until it is mended (%s)"
                .formatted(downstream.name(), downstream.cause()),
            downstream.cause())
        : null;
  }

  /** Nothing is wrong before there was something to ask. */
  private static @Nullable Problem noToken(Standing downstream) {
    return downstream.state() == State.NO_TOKEN && !downstream.isUp()
        ? Problem.of(
            downstream.name(),
            "no token yet: events wait until one for %s is set".formatted(downstream.name()))
        : null;
  }

  /**
   * @param isCompared whether the account is compared with MercadoPago at all
   */
  private void addReconciliation(BooleanSupplier isCompared, Comparisons comparisons) {
    Duration every = limits.reconcileEvery();
    add(Kind.UNHEALED, "", inbox -> counted(comparisons.unhealed(inbox)));
    add(Kind.SET_ASIDE, "", inbox -> setAside(comparisons.gaps(inbox)));
    if (every != null) {
      add(
          Kind.OVERDUE,
          "",
          inbox -> isCompared.getAsBoolean() ? overdue(every, comparisons.state(inbox)) : null);
      add(
          Kind.SILENCE,
          "",
          new Silence(
              sources.events(), sources.reconciliations(), comparisons, scope, limits, clock));
    }
  }

  private static @Nullable Problem setAside(List<ReconciliationRun> gaps) {
    if (gaps.isEmpty()) {
      return null;
    }
    ReconciliationRun first = gaps.get(0);
    return Problem.of(
        gaps.size(),
        ("%d windows of reconciliation are set aside. What changed between %s and %s is not compared"
                + " with MercadoPago: %s. It is tried again once an hour; a reconciliation of that"
                + " time closes the gap")
            .formatted(gaps.size(), first.gapFrom(), first.gapTo(), first.error()));
  }

  private @Nullable Problem overdue(Duration every, Optional<ReconciliationReader.State> state) {
    Instant doneAt = state.map(ReconciliationReader.State::doneAt).orElse(startedAt);
    Instant late = (doneAt == null ? startedAt : doneAt).plus(every.multipliedBy(3)).plus(OVERDUE);
    return late.isAfter(clock.instant())
        ? null
        : Problem.of(
            late,
            "no reconciliation with MercadoPago has come to its end since %s".formatted(doneAt));
  }
}
