package dev.acuse.effect;

import java.util.List;
import java.util.Set;

/**
 * What is wanted of other systems because of a subject, as it was judged just now under its lock.
 *
 * @param accountId whose the subject is
 * @param before subjects that want nothing any more, because this one has taken their place: a
 *     payment that was linked to its checkout
 * @param isNew whether the transaction itself has made the subject, so that it can have wanted
 *     nothing yet
 * @param wishes all that is wanted; whatever else the subject wanted before is wanted no more
 */
public record Judged(
    long accountId, Subject subject, List<Subject> before, boolean isNew, Set<EffectWish> wishes) {

  /** Copies the collections. */
  public Judged {
    before = List.copyOf(before);
    wishes = Set.copyOf(wishes);
  }
}
