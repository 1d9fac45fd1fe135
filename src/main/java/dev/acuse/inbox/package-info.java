/**
 * The only door to events, attempts, leases and the ledger. What differs between the engines stands
 * in its two dialects.
 *
 * <p>It may import {@code audit}, {@code database}, {@code database.h2}, {@code event}, {@code
 * process} and {@code text}.
 */
@NullMarked
package dev.acuse.inbox;

import org.jspecify.annotations.NullMarked;
