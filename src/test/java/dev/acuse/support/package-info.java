/** What the tests share: databases, clocks and the like. */
@NullMarked
package dev.acuse.support;

import org.jspecify.annotations.NullMarked;
