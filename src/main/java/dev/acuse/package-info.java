/** The application: configuration, wiring in the order of the flow, and commands. */
@NullMarked
package dev.acuse;

import org.jspecify.annotations.NullMarked;
