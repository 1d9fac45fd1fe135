package dev.acuse.inbox;

import dev.acuse.event.EffectKey;
import dev.acuse.inbox.EffectChange.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the ends of attempts mean for effects. */
final class EffectChanges {
  private EffectChanges() {}

  /**
   * The changes among these ends; empty if none of them is of an effect's event.
   *
   * @param held for each whether it was ended
   * @param tellsLost whether those that were not are told of as well
   */
  static List<EffectChange> ofAttempts(
      List<AttemptEnd> endings, List<Boolean> held, boolean tellsLost) {
    List<EffectChange> changes = new ArrayList<>();
    for (int i = 0; i < endings.size(); i++) {
      AttemptEnd ending = endings.get(i);
      EffectKey effect = ending.effect();
      Kind kind = held.get(i) ? kind(ending) : tellsLost ? Kind.LOST : null;
      if (effect != null && kind != null) {
        String error = kind == Kind.FAILED ? ending.attempt().error() : null;
        changes.add(new EffectChange(effect, ending.lease().eventId(), kind, error));
      }
    }
    return changes;
  }

  /** Null while its event goes on. */
  private static @Nullable Kind kind(AttemptEnd ending) {
    return switch (ending.next().kind()) {
      case SUCCEED -> Kind.DONE;
      case IGNORE -> Kind.IGNORED;
      case FAIL -> Kind.FAILED;
      case RETRY, WAIT, HAND_BACK -> null;
    };
  }
}
