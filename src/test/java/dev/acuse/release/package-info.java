/** What users install, tried as they install it: {@code mvn -Prelease verify}. */
@NullMarked
package dev.acuse.release;

import org.jspecify.annotations.NullMarked;
