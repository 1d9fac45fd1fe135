/**
 * A MercadoPago and a GoHighLevel on this machine, for the demo and the tests.
 *
 * <p>It may import {@code sandbox.gohighlevel}, {@code sandbox.http} and {@code
 * sandbox.mercadopago}.
 */
@NullMarked
package dev.acuse.sandbox;

import org.jspecify.annotations.NullMarked;
