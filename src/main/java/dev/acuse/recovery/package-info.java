/** A broken H2 file is no end: the journal beside it, and the file that is made anew. */
@NullMarked
package dev.acuse.recovery;

import org.jspecify.annotations.NullMarked;
