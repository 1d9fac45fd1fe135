package dev.acuse.sandbox.http;

/** An answer with status 200 that no client can use. */
public enum GarbageKind {
  /** A page of a proxy or CDN in place of JSON. */
  HTML,
  /** No body at all. */
  EMPTY,
  /** The first half of the real body. */
  TRUNCATED_JSON,
  /** The real body, but about another resource than the one asked for. */
  WRONG_ID
}
