/** Everything that knows GoHighLevel: its API as the CRM that wears the tags. */
@NullMarked
package dev.acuse.gohighlevel;

import org.jspecify.annotations.NullMarked;
