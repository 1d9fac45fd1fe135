/**
 * Secrets at rest: how they are sealed, by which keys, and where those come from.
 *
 * <p>It may import {@code process} and {@code text}.
 */
@NullMarked
package dev.acuse.account.seal;

import org.jspecify.annotations.NullMarked;
