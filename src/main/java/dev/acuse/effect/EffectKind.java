package dev.acuse.effect;

import java.util.List;
import java.util.Locale;

/** What an effect does in another system. */
public enum EffectKind {
  /** A contact wears a tag: target is the contact's id, name the tag. */
  TAG,
  /** The CRM's contact of a payer is known: target is the subject, name the e-mail's purpose. */
  FIND_CONTACT,
  /** A word of a newer version: its event is never claimed. */
  UNKNOWN;

  /** Those that a caller may ask for. */
  public static final List<EffectKind> KNOWN = List.of(TAG, FIND_CONTACT);

  /** The word used in the database, in {@code event_type} and in the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static EffectKind of(String code) {
    for (EffectKind kind : values()) {
      if (kind != UNKNOWN && kind.code().equals(code)) {
        return kind;
      }
    }
    return UNKNOWN;
  }
}
