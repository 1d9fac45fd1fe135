package dev.acuse.access;

import java.util.List;

/** What a person or a key may do in its accounts; one scale for both, with a word for each. */
public enum AccessRole {
  /** A word of a newer version. It has no rights. */
  UNKNOWN("unknown", "unknown"),
  /** Makes payment links, and nothing else; of keys only. */
  LINK("link", "link"),
  /** Looks at everything but personal data, and changes nothing. */
  VIEWER("viewer", "read"),
  /** Looks at everything, and acts. */
  OPERATOR("operator", "write"),
  /** The same, and sets up accounts, people and keys. */
  ADMIN("admin", "admin");

  /** What a person can be. */
  public static final List<AccessRole> OF_PEOPLE = List.of(VIEWER, OPERATOR, ADMIN);

  /** What a key can be. */
  public static final List<AccessRole> OF_KEYS = List.of(VIEWER, OPERATOR, ADMIN, LINK);

  private final String code;
  private final String keyCode;

  AccessRole(String code, String keyCode) {
    this.code = code;
    this.keyCode = keyCode;
  }

  /** The word for a person, as it is stored and shown. */
  public String code() {
    return code;
  }

  /** The word for a key, as it is stored and shown. */
  public String keyCode() {
    return keyCode;
  }

  /** By the word for a person; {@link #UNKNOWN} for any other. */
  static AccessRole ofPerson(String code) {
    return OF_PEOPLE.stream().filter(role -> role.code.equals(code)).findFirst().orElse(UNKNOWN);
  }

  /** By the word for a key; {@link #UNKNOWN} for any other. */
  static AccessRole ofKey(String code) {
    return OF_KEYS.stream().filter(role -> role.keyCode.equals(code)).findFirst().orElse(UNKNOWN);
  }

  /** Whether this role may do whatever that one may. */
  public boolean includes(AccessRole other) {
    return switch (other) {
      case UNKNOWN -> false;
      case LINK -> this == LINK || compareTo(OPERATOR) >= 0;
      case VIEWER, OPERATOR, ADMIN -> compareTo(other) >= 0;
    };
  }
}
