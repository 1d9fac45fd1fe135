/**
 * Reads what a broken H2 file still holds, page by page or by H2's own SQL.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.recovery.file;

import org.jspecify.annotations.NullMarked;
