package dev.acuse.condition;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Condition.Rule;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Restored;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.RemoteSystem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one list of what may be wrong with an instance and its inbox. Health checks, alerts and the
 * console choose from it, so that they never disagree. Whether the process itself runs, the health
 * checks alone tell. Where there are several accounts, each has its own, and what is wrong with one
 * neither hides nor begins what is wrong with another. Thread-safe.
 */
public final class Conditions {
  private static final Duration A_DAY = Duration.ofDays(1);

  /** What is counted of one account; more is as bad. */
  static final int MOST_COUNTED = 1_000;

  private final Sources sources;
  private final Limits limits;
  private final Accounts accounts;
  private final KnownAccounts known;
  private final InstantSource clock;

  /** Whatever accounts there are. */
  private final List<Condition> installation = new ArrayList<>();

  /** Of {@code main}, while there is no other account. */
  private final List<Condition> alone;

  /** Of the installation, where there are several accounts. */
  private final List<Condition> ofNone;

  private final Map<Long, List<Condition>> byAccount = new ConcurrentHashMap<>();

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
   * @param accounts each has conditions of its own
   * @param known which lanes are whose
   * @param clock the database's time
   */
  public Conditions(
      Sources sources, Limits limits, Accounts accounts, KnownAccounts known, InstantSource clock) {
    this.sources = sources;
    this.limits = limits;
    this.accounts = accounts;
    this.known = known;
    this.clock = clock;
    add(Kind.PAUSED, "", Conditions::paused);
    add(Kind.UNKNOWN_ACCOUNT, "", inbox -> unknownAccount());
    addInstance(sources.books(), sources.rebuilt());
    add(Kind.RESTORED, sources.books().instance(), inbox -> restored(sources.restored().get()));
    add(Kind.KEYS, sources.books().instance(), inbox -> keys(sources.keyTrouble().get()));
    add(Kind.SETTINGS_DIFFER, "", inbox -> settingsDiffer(sources.books().differentlySet()));
    addSpool(sources.spool(), sources.books().instance());
    this.alone = AccountConditions.ofMainAlone(sources, limits, clock).all();
    this.ofNone = AccountConditions.ofNoAccount(sources, limits, known, clock).all();
  }

  private void add(Kind kind, String subject, Rule rule) {
    installation.add(new Condition(kind, Condition.INSTALLATION, subject, rule));
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

  /** All of now: an account that is made later has its own from then on. */
  private List<Condition> all() {
    AccountSet now = accounts.current();
    List<Condition> all = new ArrayList<>(installation);
    if (now.isMainAlone()) {
      all.addAll(alone);
      return all;
    }
    all.addAll(ofNone);
    now.all().forEach(account -> all.addAll(of(account)));
    return all;
  }

  private List<Condition> of(Account account) {
    return byAccount.computeIfAbsent(
        account.id(),
        id -> AccountConditions.of(sources, limits, accounts, known, clock, account).all());
  }

  /** Those of these kinds, as they stand in the list now. */
  public List<Condition> of(Set<Kind> kinds) {
    return all().stream().filter(condition -> kinds.contains(condition.kind())).toList();
  }

  /**
   * Those of these kinds that are about this system. Where there are several accounts, that one's
   * token is refused says nothing of the system.
   */
  public List<Condition> about(RemoteSystem downstream, Set<Kind> kinds) {
    String instance = sources.books().instance();
    boolean isMainAlone = accounts.current().isMainAlone();
    return of(kinds).stream()
        .filter(condition -> isMainAlone || condition.account() == Condition.INSTALLATION)
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
        sources.payments().countMisfits(Scope.everything()),
        sources.events().unhandled(Scope.everything()),
        accounts.current().isMainAlone() ? Reading.ByAccount.NONE : byAccount());
  }

  private Reading.ByAccount byAccount() {
    Set<Long> ids = known.ids();
    return new Reading.ByAccount(
        sources.events().countByAccount(ids, EventStatus.FAILED, MOST_COUNTED),
        sources.events().countByAccount(ids, EventStatus.QUARANTINED, MOST_COUNTED),
        sources.payments().misfitsByAccount(Scope.everything()),
        sources.reconciliations()::byAccount);
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
}
