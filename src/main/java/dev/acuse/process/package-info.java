/**
 * What this process needs of its machine: files that only it may read, the errors after which it
 * must end, and daemon threads.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.process;

import org.jspecify.annotations.NullMarked;
