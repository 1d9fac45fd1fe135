package dev.acuse.monitoring;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.condition.Reading;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.Standing;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that aren't well, where there are several: at most {@value #MOST}, the worst first,
 * because each label is a series for good. An account that is well has none. It asks the database
 * nothing of its own: it shows what is read for the other metrics.
 */
public final class AccountMetrics implements MultiCollector {
  static final int MOST = 50;

  private final InboxReader reader;
  private final Accounts accounts;
  private final KnownAccounts known;
  private final List<RemoteSystem> downstreams;
  private final Duration late;
  private final InstantSource clock;

  /**
   * @param late from when on a due event has waited for too long
   * @param clock the database's time
   */
  public AccountMetrics(
      InboxReader reader,
      Accounts accounts,
      KnownAccounts known,
      List<RemoteSystem> downstreams,
      Duration late,
      InstantSource clock) {
    this.reader = reader;
    this.accounts = accounts;
    this.known = known;
    this.downstreams = List.copyOf(downstreams);
    this.late = late;
    this.clock = clock;
  }

  /**
   * How an account is.
   *
   * @param dueSeconds how long the oldest due event of its lanes has waited
   * @param heldBack how many systems refuse it
   */
  private record State(
      String account, long failed, long misfits, double dueSeconds, long heldBack) {
    boolean isWell(Duration late) {
      return failed == 0 && misfits == 0 && heldBack == 0 && dueSeconds <= late.toSeconds();
    }
  }

  @Override
  public MetricSnapshots collect() {
    AccountSet now = accounts.current();
    Optional<Reading> reading = now.isMainAlone() ? Optional.empty() : reader.read();
    List<State> ill =
        reading.stream()
            .flatMap(inbox -> now.all().stream().map(account -> state(account, inbox)))
            .filter(state -> !state.isWell(late))
            .sorted(
                Comparator.comparing(State::heldBack)
                    .thenComparing(State::failed)
                    .thenComparing(State::dueSeconds)
                    .reversed()
                    .thenComparing(State::account))
            .limit(MOST)
            .toList();
    return MetricSnapshots.of(
        gauge(
            "acuse_account_failed",
            "Failed events of an account that is not well; 1000 stands for as many or more.",
            ill,
            State::failed),
        gauge(
            "acuse_account_misfits",
            "Approved payments that do not fit their checkout, of an account that is not well.",
            ill,
            State::misfits),
        gauge(
            "acuse_account_oldest_due_seconds",
            "How long the oldest due event has waited in the lanes of an account that is not well.",
            ill,
            State::dueSeconds),
        gauge(
            "acuse_account_held_back",
            "How many systems refuse an account that is not well.",
            ill,
            State::heldBack));
  }

  private State state(Account account, Reading inbox) {
    List<Lane> lanes = known.lanesOf(account.id());
    Map<Lane, Instant> due = inbox.backlog().oldestDue();
    @Nullable Instant oldest =
        account.isActive()
            ? lanes.stream()
                .map(due::get)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null)
            : null;
    List<String> codes = lanes.stream().map(Lane::code).toList();
    return new State(
        account.name(),
        inbox.byAccount().failed().getOrDefault(account.id(), 0L),
        inbox.byAccount().misfits().getOrDefault(account.id(), 0L),
        oldest == null
            ? 0
            : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1e3),
        downstreams.stream().filter(system -> !Standing.ofLanes(system, codes).isUp()).count());
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<State> ill, ToDoubleFunction<State> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (State state : ill) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("account", state.account()))
              .value(value.applyAsDouble(state))
              .build());
    }
    return gauge.build();
  }
}
