/** Takes webhooks from providers: verify, identify, store, and only then answer. */
@NullMarked
package dev.acuse.intake;

import org.jspecify.annotations.NullMarked;
