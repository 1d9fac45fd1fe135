/**
 * The small HTTP server of the sandbox, with its faults and its log of requests.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.sandbox.http;

import org.jspecify.annotations.NullMarked;
