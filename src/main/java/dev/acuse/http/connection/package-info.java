/**
 * * The connections of the port of webhooks, the API and the console: how many there may be, and
 * which one goes when there is no room for the next.
 *
 * <p>It may import {@code http} and {@code process}.
 */
@NullMarked
package dev.acuse.http.connection;

import org.jspecify.annotations.NullMarked;
