/** The benchmark: what it starts, the load it makes, and the table it writes. */
@NullMarked
package dev.acuse.bench;

import org.jspecify.annotations.NullMarked;
