package dev.acuse.effect;

import dev.acuse.event.EventStatus;
import dev.acuse.inbox.Outbox;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets right what waits for an event that does not come: an instance of the version before may have
 * ended it without a word to the effect, and a broken file may have lost it. It looks at some
 * thousand effects in a turn, and goes on behind them in the next.
 */
public final class EffectRepair {
  private static final Logger LOGGER = LoggerFactory.getLogger(EffectRepair.class);
  private static final int PAGE = 500;
  private static final int PAGES = 20;
  private static final String ENDED = "its event has ended without it";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Effects effects;
  private long after;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public EffectRepair(Jdbi jdbi, InstantSource clock, Effects effects) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.effects = effects;
  }

  /**
   * One turn.
   *
   * @return how many effects it has set right
   */
  public synchronized int run() {
    int repaired = 0;
    for (int i = 0; i < PAGES; i++) {
      List<EffectRow> page = jdbi.withHandle(handle -> new EffectDao(handle).waiting(after, PAGE));
      List<Long> suspects = jdbi.withHandle(handle -> withoutOpenEvent(handle, page));
      if (!suspects.isEmpty()) {
        repaired += jdbi.inTransaction(handle -> repair(handle, suspects));
      }
      if (page.size() < PAGE) {
        after = 0;
        break;
      }
      after = page.get(page.size() - 1).id();
    }
    if (repaired > 0) {
      LOGGER.warn("{} effects waited for an event that had ended or was not there", repaired);
    }
    return repaired;
  }

  private List<Long> withoutOpenEvent(Handle handle, List<EffectRow> rows) {
    Set<Long> open =
        effects.open(
            handle, rows.stream().map(EffectRow::eventId).filter(Objects::nonNull).toList());
    return rows.stream()
        .filter(row -> row.eventId() == null || !open.contains(row.eventId()))
        .map(EffectRow::id)
        .toList();
  }

  private int repair(Handle handle, List<Long> ids) {
    // What is committed meanwhile is seen by now, because the rows are locked.
    List<EffectRow> rows =
        new EffectDao(handle)
            .lock(ids).stream().filter(row -> row.state() == EffectState.WAITING).toList();
    Set<Long> still = new HashSet<>(withoutOpenEvent(handle, rows));
    int repaired = 0;
    for (EffectRow row : rows) {
      if (still.contains(row.id())) {
        repair(handle, row);
        repaired++;
      }
    }
    return repaired;
  }

  private void repair(Handle handle, EffectRow row) {
    Instant now = clock.instant();
    var dao = new EffectDao(handle);
    Optional<Outbox.Stored> event = effects.find(handle, row);
    if (event.isEmpty()) {
      dao.setEvent(row.id(), effects.start(handle, row));
    } else if (event.get().status() == EventStatus.PENDING) {
      dao.setEvent(row.id(), event.get().id());
    } else if (event.get().status() == EventStatus.SUCCESS) {
      dao.done(List.of(row.id()), now);
    } else {
      String error = event.get().lastError();
      dao.ended(row.id(), EffectState.FAILED, error == null ? ENDED : error, now);
    }
  }
}
