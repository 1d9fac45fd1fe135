package dev.acuse.event;

import java.util.Locale;

/** What is known of the authenticity of a delivery. */
public enum SignatureState {
  /** The provider's signature covers the resource id and matches. */
  VERIFIED,
  /** The provider does not sign this kind of delivery in a way that can be checked: a hint. */
  UNVERIFIABLE,
  /** No secret is configured, so nothing was checked. */
  UNCHECKED,
  /** A signature was due and is missing or wrong. */
  BAD,
  /** A word of a newer version. */
  UNKNOWN;

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static SignatureState of(String code) {
    for (SignatureState known : values()) {
      if (known != UNKNOWN && known.code().equals(code)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}
