/**
 * The only door to events, attempts, leases and the ledger. What differs between the engines stands
 * in its two dialects.
 *
 * <p>It may import {@code event}, {@code audit}, {@code database}, {@code process} and {@code
 * text}.
 */
@NullMarked
package dev.acuse.inbox;

import org.jspecify.annotations.NullMarked;
