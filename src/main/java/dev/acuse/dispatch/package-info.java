/** Works the inbox off: claim, lease, attempt, decide, retry; and knows which downstream is out. */
@NullMarked
package dev.acuse.dispatch;

import org.jspecify.annotations.NullMarked;
