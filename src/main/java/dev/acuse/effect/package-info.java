/**
 * What shall be so in another system, what wants it, and whether it is so. The work is an event of
 * the inbox; its end and the effect's state are one transaction.
 *
 * <p>It may import {@code audit}, {@code database}, {@code event}, {@code inbox} and {@code text}.
 */
@NullMarked
package dev.acuse.effect;

import org.jspecify.annotations.NullMarked;
