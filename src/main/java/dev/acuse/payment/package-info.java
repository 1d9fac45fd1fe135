/** Checkouts, payments and the tags that a customer's contact should wear. */
@NullMarked
package dev.acuse.payment;

import org.jspecify.annotations.NullMarked;
