/** A MercadoPago and a GoHighLevel on this machine, for the demo and the tests. */
@NullMarked
package dev.acuse.sandbox;

import org.jspecify.annotations.NullMarked;
