/**
 * Works the inbox off: claim, lease, attempt, decide, retry; and knows which downstream is out.
 *
 * <p>It may import {@code database}, {@code event}, {@code inbox}, {@code process}, {@code remote}
 * and {@code text}.
 */
@NullMarked
package dev.acuse.dispatch;

import org.jspecify.annotations.NullMarked;
