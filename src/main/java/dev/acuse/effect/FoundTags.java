package dev.acuse.effect;

import dev.acuse.event.EffectKey;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.inbox.Outbox;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Makes effects of tags that a version without effects has written down: what was put on is done,
 * what is outstanding gets an event, what is not due any more is left as it is. An effect that is
 * there already, because its payment was judged meanwhile, is not changed, but for further reasons.
 * Thread-safe.
 */
public final class FoundTags {
  private final Outbox outbox;
  private final InstantSource clock;
  private final CrmLanes lanes;

  /**
   * @param clock the database's time
   * @param lanes in which lane the events of each account are stored
   */
  public FoundTags(Outbox outbox, InstantSource clock, CrmLanes lanes) {
    this.outbox = outbox;
    this.clock = clock;
    this.lanes = lanes;
  }

  /**
   * What was made of some tags.
   *
   * @param effects how many there were not before
   * @param events how many of these are to be carried out
   */
  public record Taken(int effects, int events) {}

  private record Known(long id, Wanted wanted) {}

  private record Name(String contactId, String tag) {}

  /**
   * Writes effects, their reasons and their events.
   *
   * @param handle in a transaction
   * @param tags no two of one contact and tag
   */
  public Taken take(Handle handle, long accountId, List<FoundTag> tags) {
    var dao = new FoundTagDao(handle, accountId, clock.instant());
    Map<Name, Known> known = new HashMap<>();
    dao.known(
        tags.stream().map(FoundTag::contactId).distinct().toList(),
        (id, contactId, tag, wanted) ->
            known.put(new Name(contactId, tag), new Known(id, Wanted.of(wanted))));
    List<FoundTag> fresh =
        tags.stream()
            .filter(tag -> !known.containsKey(name(tag)))
            .sorted(Comparator.comparing(FoundTag::contactId).thenComparing(FoundTag::tag))
            .toList();
    List<Long> ids = dao.insert(fresh);
    for (int i = 0; i < fresh.size(); i++) {
      dao.addReasons(ids.get(i), fresh.get(i).reasons());
    }
    for (FoundTag tag : tags) {
      Known one = known.get(name(tag));
      if (one != null && one.wanted() == Wanted.PRESENT) {
        dao.addReasons(one.id(), tag.reasons());
      }
    }
    dao.insertReasons();
    return new Taken(fresh.size(), addEvents(handle, accountId, fresh, ids, dao));
  }

  private int addEvents(
      Handle handle, long accountId, List<FoundTag> fresh, List<Long> ids, FoundTagDao dao) {
    Map<Long, NewEvent> events = new HashMap<>();
    for (int i = 0; i < fresh.size(); i++) {
      if (fresh.get(i).isOutstanding()) {
        var key = new EffectKey(ids.get(i), 1);
        var place = new Place(accountId, lanes.of(accountId), key.effectId());
        events.put(ids.get(i), NewEvent.effect(key, EffectKind.TAG.code(), place));
      }
    }
    outbox.add(handle, new ArrayList<>(events.values()));
    events.forEach((id, event) -> dao.addEvent(id, outbox.find(handle, event).orElseThrow().id()));
    dao.setEvents();
    return events.size();
  }

  private static Name name(FoundTag tag) {
    return new Name(tag.contactId(), tag.tag());
  }
}
