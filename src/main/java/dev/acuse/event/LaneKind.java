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

  /** The name of the system that all lanes of this kind call; null if each calls its own. */
  public @Nullable String system() {
    return system;
  }
}
