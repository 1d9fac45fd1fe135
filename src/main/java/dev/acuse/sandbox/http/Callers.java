package dev.acuse.sandbox.http;

import java.util.Optional;

/** Tells a server's requests apart by the tokens that they bring. Called by several threads. */
public interface Callers {
  /** The account whose token this is, good or revoked; empty for a token that is no account's. */
  Optional<Caller> of(Request request);
}
