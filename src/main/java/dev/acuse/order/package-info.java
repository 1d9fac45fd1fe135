/**
 * Orders of MercadoPago's Orders API as they are kept here: the state of each, its payments' ids,
 * and when an open one is looked up again. Merchant orders are something else, and not kept.
 *
 * <p>It may import {@code database}, {@code event} and {@code text}.
 */
@NullMarked
package dev.acuse.order;

import org.jspecify.annotations.NullMarked;
