package dev.acuse.payment;

import dev.acuse.effect.Effect;
import dev.acuse.effect.FoundTag;
import dev.acuse.effect.FoundTags;
import dev.acuse.effect.Subject;
import dev.acuse.event.Place;
import dev.acuse.inbox.Fence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes effects of the tags that the version before has written into {@code crm_tags}, once, and
 * leaves that table as it is. Each step is a transaction that goes on where the last one has ended,
 * whichever instance made that; two instances take turns. Thread-safe.
 */
public final class TagCarryOver {
  private static final Logger LOGGER = LoggerFactory.getLogger(TagCarryOver.class);

  /** Tags of contacts a transaction: some tenths of a second. */
  private static final int AT_ONCE = 500;

  private final Jdbi jdbi;
  private final TagRules rules;
  private final FoundTags effects;

  /**
   * @param rules which tags a payment's status is due now
   */
  public TagCarryOver(Jdbi jdbi, TagRules rules, FoundTags effects) {
    this.jdbi = jdbi;
    this.rules = rules;
    this.effects = effects;
  }

  /** What a step found. */
  public enum Step {
    /** Leases of before the fence are open: what they hold may still be tagged by their holders. */
    WAITS,
    /** Some tags were carried over, and there may be more. */
    WENT_ON,
    /** All are carried over. */
    DONE
  }

  private record Key(String contactId, String tag) {}

  /**
   * Whether all tags are carried over.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database is out
   */
  public boolean isDone() {
    return jdbi.withHandle(handle -> new TagCarryOverDao(handle).isDone());
  }

  /**
   * Carries some tags over.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database is out; nothing of the step is done then
   */
  public Step step() {
    return jdbi.inTransaction(this::step);
  }

  private Step step(Handle handle) {
    var dao = new TagCarryOverDao(handle);
    TagCarryOverDao.State state = dao.lock();
    if (state.done()) {
      return Step.DONE;
    }
    if (Fence.leasesBefore(handle) > 0) {
      return Step.WAITS;
    }
    List<TagCarryOverDao.Row> rows = dao.next(state, AT_ONCE);
    if (rows.isEmpty()) {
      dao.finish();
      LOGGER.info("the tags of before the upgrade are carried over");
      return Step.DONE;
    }
    Map<Key, List<TagCarryOverDao.Row>> byKey = new LinkedHashMap<>();
    for (TagCarryOverDao.Row row : rows) {
      byKey.computeIfAbsent(new Key(row.contactId(), row.tag()), key -> new ArrayList<>()).add(row);
    }
    List<FoundTag> found = new ArrayList<>();
    byKey.forEach((key, some) -> found.add(found(key, some)));
    FoundTags.Taken taken = effects.take(handle, Place.MAIN_ACCOUNT, found);
    TagCarryOverDao.Row last = rows.get(rows.size() - 1);
    dao.reached(last.contactId(), last.tag());
    LOGGER.info(
        "carried over {} tags of before the upgrade: {} effects, {} of them outstanding",
        rows.size(),
        taken.effects(),
        taken.events());
    return Step.WENT_ON;
  }

  private FoundTag found(Key key, List<TagCarryOverDao.Row> rows) {
    List<Effect.Reason> reasons = new ArrayList<>();
    boolean outstanding = false;
    var times = new TagTimes();
    for (TagCarryOverDao.Row row : rows) {
      times.add(row);
      if (row.isDue(rules)) {
        Long checkoutId = row.checkoutId();
        Subject subject =
            checkoutId == null ? Subject.payment(row.paymentId()) : Subject.checkout(checkoutId);
        reasons.add(new Effect.Reason(subject, row.status(), 0));
        outstanding |= row.appliedAt() == null;
      }
    }
    return new FoundTag(
        key.contactId(), key.tag(), reasons, outstanding, times.lastApplied(), times.first());
  }
}
