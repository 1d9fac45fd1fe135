package dev.acuse.condition;

import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Condition.Rule;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Restored;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteLane;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.RemoteSystem.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one list of what may be wrong with an instance and its inbox. Health checks, alerts and the
 * console choose from it, so that they never disagree. Whether the process itself runs, the health
 * checks alone tell. Thread-safe.
 */
public final class Conditions {
  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final Duration A_DAY = Duration.ofDays(1);

  /** So late a reconciliation is not just slow. */
  private static final Duration OVERDUE = Duration.ofMinutes(10);

  private final Sources sources;
  private final Limits limits;
  private final InstantSource clock;
  private final Instant startedAt;
  private final List<Condition> all = new ArrayList<>();

  /**
   * Where it is seen whether something is wrong.
   *
   * @param spool null if it is off
   * @param rebuilt says that a broken database was made anew lately; null if it was not
   * @param restored says which backup this inbox is; null if it is none
   * @param keyTrouble says why the secrets of accounts cannot be opened or sealed; null if they can
   */
  public record Sources(
      EventReader events,
      EventOperations operations,
      PaymentReader payments,
      ReconciliationReader reconciliations,
      List<RemoteSystem> downstreams,
      @Nullable Spool spool,
      BookKeeper books,
      Supplier<@Nullable String> rebuilt,
      Supplier<@Nullable Restored> restored,
      Supplier<@Nullable String> keyTrouble) {}

  /**
   * @param clock the database's time
   */
  public Conditions(Sources sources, Limits limits, InstantSource clock) {
    this.sources = sources;
    this.limits = limits;
    this.clock = clock;
    this.startedAt = clock.instant();
    addInbox();
    addInstance(sources.books(), sources.rebuilt());
    add(Kind.RESTORED, sources.books().instance(), inbox -> restored(sources.restored().get()));
    add(Kind.KEYS, sources.books().instance(), inbox -> keys(sources.keyTrouble().get()));
    add(Kind.SETTINGS_DIFFER, "", inbox -> settingsDiffer(sources.books().differentlySet()));
    addSpool(sources.spool(), sources.books().instance());
    sources.downstreams().forEach(one -> add(one, sources.books().instance()));
    addReconciliation(limits.reconcileEvery());
  }

  private void add(Kind kind, String subject, Rule rule) {
    all.add(new Condition(kind, Condition.MAIN, subject, rule));
  }

  private void addInbox() {
    add(Kind.FAILED, "", this::failed);
    add(Kind.ACCOUNT_MISMATCH, "", this::accountMismatch);
    add(Kind.MISFIT, "", this::misfit);
    add(Kind.QUARANTINED, "", inbox -> counted(count(inbox.get(), EventStatus.QUARANTINED)));
    add(Kind.QUARANTINE_GROWING, "", inbox -> quarantineGrowing());
    add(Kind.UNKNOWN_ACCOUNT, "", inbox -> unknownAccount());
    add(Kind.PAUSED, "", Conditions::paused);
    add(Kind.LATE, "", this::late);
  }

  private void addInstance(BookKeeper books, Supplier<@Nullable String> rebuilt) {
    add(Kind.UNACCOUNTED, books.instance(), inbox -> unaccounted(books.unaccounted().orElse(0)));
    add(
        Kind.UNACCOUNTED_ANYWHERE,
        "",
        inbox -> unaccounted(books.unaccountedEverywhere().orElse(0)));
    add(
        Kind.REBUILT,
        books.instance(),
        inbox -> {
          String text = rebuilt.get();
          return text == null ? null : Problem.of(text);
        });
  }

  /** News for a day: from then on only the ledger tells of it. */
  private @Nullable Problem restored(@Nullable Restored restored) {
    return restored == null || restored.restoredAt().plus(A_DAY).isBefore(clock.instant())
        ? null
        : Problem.of(restored.takenAt(), restored.sentence());
  }

  private static @Nullable Problem keys(@Nullable String trouble) {
    return trouble == null
        ? null
        : Problem.of(
            trouble,
            "the secrets of accounts cannot be opened or sealed here: %s".formatted(trouble));
  }

  private static @Nullable Problem settingsDiffer(List<String> instances) {
    String names = String.join(", ", instances);
    return instances.isEmpty()
        ? null
        : Problem.of(
            names,
            "these instances have other tokens, secrets or locations than this one: %s: give all the same"
                .formatted(names));
  }

  private void addSpool(@Nullable Spool spool, String instance) {
    if (spool != null) {
      add(Kind.SPOOL_IN_USE, instance, inbox -> spoolInUse(spool));
      add(Kind.SPOOL_SET_ASIDE, instance, inbox -> spoolSetAside(spool));
      add(
          Kind.SPOOL_FULL,
          instance,
          inbox ->
              spool.state().canTake()
                  ? null
                  : Problem.of("", "it is full, or its disk is, or has failed"));
    }
  }

  private void add(RemoteSystem downstream, String instance) {
    String name = downstream.name();
    add(Kind.DOWN, name, inbox -> down(downstream));
    add(Kind.TOKEN_REFUSED, name + "@" + instance, inbox -> refused(downstream));
    add(Kind.NO_TOKEN, name + "@" + instance, inbox -> noToken(downstream));
    add(Kind.OUT_FOR_LONG, name + "@" + instance, new Outage(downstream, limits.outage(), clock));
  }

  private void addReconciliation(@Nullable Duration every) {
    add(
        Kind.UNHEALED,
        "",
        inbox -> counted(sources.reconciliations().unhealed(Scope.everything())));
    add(Kind.SET_ASIDE, "", inbox -> setAside());
    if (every != null) {
      add(Kind.OVERDUE, "", inbox -> overdue(every));
      add(
          Kind.SILENCE,
          "",
          new Silence(sources.events(), sources.reconciliations(), limits, clock));
    }
  }

  private static @Nullable Problem down(RemoteSystem downstream) {
    return downstream.state() == State.OUT
        ? Problem.of(downstream.name(), "it is out: " + downstream.cause(), downstream.cause())
        : null;
  }

  private static @Nullable Problem refused(RemoteSystem downstream) {
    return downstream.state() == State.REFUSED
        ? Problem.of(
            downstream.name(),
            "%s refuses our token: events wait until it is mended (%s)"
                .formatted(downstream.name(), downstream.cause()),
            downstream.cause())
        : null;
  }

  /** Nothing is wrong before there was something to ask. */
  private static @Nullable Problem noToken(RemoteSystem downstream) {
    return downstream.state() == State.NO_TOKEN && !downstream.isUp()
        ? Problem.of(
            downstream.name(),
            "no token yet: events wait until one for %s is set".formatted(downstream.name()))
        : null;
  }

  /** Those of these kinds, as they stand in the list. */
  public List<Condition> of(Set<Kind> kinds) {
    return all.stream().filter(condition -> kinds.contains(condition.kind())).toList();
  }

  /** Those of these kinds that are about this system. */
  public List<Condition> about(RemoteSystem downstream, Set<Kind> kinds) {
    String instance = sources.books().instance();
    return of(kinds).stream()
        .filter(
            condition ->
                condition.subject().equals(downstream.name())
                    || condition.subject().equals(downstream.name() + "@" + instance))
        .toList();
  }

  /** The inbox now; throws if the database does not answer. */
  public Reading read() {
    return new Reading(
        sources.events().backlog(Scope.everything()),
        sources.operations().paused().orElse(null),
        sources.payments().countMisfits(Scope.everything()));
  }

  private static long count(Reading inbox, EventStatus status) {
    return inbox.backlog().events().all(status);
  }

  /** A count that only the console tells of. */
  private static @Nullable Problem counted(long count) {
    return count == 0 ? null : Problem.of(count);
  }

  private @Nullable Problem failed(Supplier<Reading> inbox) {
    long failed = count(inbox.get(), EventStatus.FAILED);
    return failed == 0
        ? null
        : new Problem(
            failed,
            () ->
                "%d events have failed and wait for an operator%s"
                    .formatted(failed, latestFailure()));
  }

  /** Looked for only where something has failed at all. */
  private @Nullable Problem accountMismatch(Supplier<Reading> inbox) {
    long mismatches =
        count(inbox.get(), EventStatus.FAILED) == 0
            ? 0
            : sources.events().countFailed(Scope.everything(), Attempt.ACCOUNT_MISMATCH);
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
        .page(Scope.everything(), EventFilter.ALL.withStatus(EventStatus.FAILED), null, 1)
        .stream()
        .findFirst()
        .map(Conditions::reason)
        .orElse("");
  }

  private static String reason(WebhookEvent event) {
    return ". The latest is event %d (%s): %s"
        .formatted(event.id(), event.webhookId(), event.lastErrorKind());
  }

  private @Nullable Problem misfit(Supplier<Reading> inbox) {
    long misfits = inbox.get().misfits();
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
    return sources.payments().payments(Scope.everything(), unsettled, null, 1).stream()
        .findFirst()
        .map(Conditions::reason)
        .orElse("");
  }

  private static String reason(Payment payment) {
    return ". The latest is payment %d (MercadoPago's %s): %s"
        .formatted(payment.id(), payment.mpPaymentId(), payment.flag());
  }

  private @Nullable Problem quarantineGrowing() {
    Instant since = clock.instant().minus(AN_HOUR);
    long fresh =
        sources
            .operations()
            .count(
                EventFilter.ALL.withStatus(EventStatus.QUARANTINED).receivedBetween(since, null));
    return fresh < limits.quarantined()
        ? null
        : Problem.of(
            fresh,
            "%d webhooks were refused and quarantined within an hour: is MP_WEBHOOK_SECRET right?"
                .formatted(fresh));
  }

  /** They are kept until the account is there; only a person can make it. */
  private @Nullable Problem unknownAccount() {
    long waiting = sources.events().unknownAccounts();
    return waiting == 0
        ? null
        : Problem.of(
            waiting,
            "%d genuine webhooks are of sellers that no account has: they wait until it is there"
                .formatted(waiting));
  }

  private static @Nullable Problem paused(Supplier<Reading> inbox) {
    var pause = inbox.get().pause();
    return pause == null ? null : Problem.of(pause.pausedBy());
  }

  /** While the inbox is paused, no event is late: that nothing is claimed was asked for. */
  private @Nullable Problem late(Supplier<Reading> inbox) {
    Instant oldest = oldestLate(inbox.get().backlog());
    if (oldest == null || inbox.get().paused()) {
      return null;
    }
    Duration age = Duration.between(oldest, clock.instant());
    return age.compareTo(limits.backlog()) > 0
        ? Problem.of(limits.backlog(), "an event has been due for %d s".formatted(age.toSeconds()))
        : null;
  }

  /**
   * Null if nothing is due but in lanes that are told of otherwise, because a breaker holds them
   * back, or that have as many calls as their rate allows: what waits there waits by right.
   */
  private @Nullable Instant oldestLate(Backlog backlog) {
    return backlog.oldestDue().entrySet().stream()
        .filter(lane -> !isHeldBack(lane.getKey()))
        .map(Map.Entry::getValue)
        .min(Comparator.naturalOrder())
        .orElse(null);
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

  private static @Nullable Problem unaccounted(long missing) {
    return missing == 0
        ? null
        : Problem.of(
            missing,
            "%d acknowledged webhooks are not accounted for: see /api/ledger".formatted(missing));
  }

  private static @Nullable Problem spoolInUse(Spool spool) {
    long records = spool.state().records();
    return records == 0
        ? null
        : Problem.of(
            records,
            "the database is out or slow: webhooks wait in the spool and are stored later");
  }

  private static @Nullable Problem spoolSetAside(Spool spool) {
    long rejected = spool.rejectedFiles();
    long damaged = spool.damagedFiles();
    return rejected + damaged == 0
        ? null
        : Problem.of(
            rejected + damaged,
            "%d .rejected and %d .damaged files in its folder want a look"
                .formatted(rejected, damaged));
  }

  private @Nullable Problem setAside() {
    List<ReconciliationRun> gaps = sources.reconciliations().gaps(Scope.everything());
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

  private @Nullable Problem overdue(Duration every) {
    Instant doneAt =
        sources
            .reconciliations()
            .state(Scope.everything())
            .map(ReconciliationReader.State::doneAt)
            .orElse(startedAt);
    Instant late = (doneAt == null ? startedAt : doneAt).plus(every.multipliedBy(3)).plus(OVERDUE);
    return late.isAfter(clock.instant())
        ? null
        : Problem.of(
            late,
            "no reconciliation with MercadoPago has come to its end since %s".formatted(doneAt));
  }
}
