/**
 * A GoHighLevel on this machine.
 *
 * <p>It may import {@code sandbox.http}.
 */
@NullMarked
package dev.acuse.sandbox.gohighlevel;

import org.jspecify.annotations.NullMarked;
