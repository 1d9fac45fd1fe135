package dev.acuse.event;

import org.jspecify.annotations.Nullable;

/** What the events of a lane call. */
public enum LaneKind {
  /** MercadoPago, by the token of one account. */
  MERCADOPAGO("mp:", "mercadopago"),
  /** GoHighLevel, by the token of one location. */
  CRM("crm:", "gohighlevel"),
  /** An endpoint that messages are sent to. */
  ENDPOINT("to:", null),
  /** A lane of a newer version: it is never claimed from. */
  UNKNOWN("", null);

  private final String prefix;
  private final @Nullable String system;

  LaneKind(String prefix, @Nullable String system) {
    this.prefix = prefix;
    this.system = system;
  }

  String prefix() {
    return prefix;
  }

  /**
   * Whether this version works such events off. A newer version's kind is left to that, and so are
   * messages to endpoints, which nothing here sends.
   */
  public boolean isWorkedOff() {
    return this == MERCADOPAGO || this == CRM;
  }

  /** No code of such a lane is before this. */
  public String first() {
    return prefix;
  }

  /** All codes of such lanes are before this, in the order of their characters. */
  public String end() {
    // The prefix ends with a colon, and a semicolon comes next.
    return prefix.replace(':', ';');
  }

  /** The name of the system that all lanes of this kind call; null if each calls its own. */
  public @Nullable String system() {
    return system;
  }
}
