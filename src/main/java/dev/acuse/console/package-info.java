/** The operator's console: server-rendered pages, and the stream that keeps them up to date. */
@NullMarked
package dev.acuse.console;

import org.jspecify.annotations.NullMarked;
