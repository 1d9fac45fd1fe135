/**
 * Who may do what: people who sign in to the console and keys of the API, each with a role and its
 * accounts.
 *
 * <p>It may import {@code account}, {@code audit}, {@code database}, {@code event}, {@code process}
 * and {@code text}.
 */
@NullMarked
package dev.acuse.access;

import org.jspecify.annotations.NullMarked;
