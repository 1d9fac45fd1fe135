/**
 * Everything that knows GoHighLevel: its API as the CRM that wears the tags.
 *
 * <p>It may import {@code dispatch}, {@code effect}, {@code event}, {@code payment}, {@code remote}
 * and {@code text}.
 */
@NullMarked
package dev.acuse.gohighlevel;

import org.jspecify.annotations.NullMarked;
