package dev.acuse.support;

/** The database engines that every store must behave alike on. */
public enum Engine {
  H2,
  POSTGRESQL
}
