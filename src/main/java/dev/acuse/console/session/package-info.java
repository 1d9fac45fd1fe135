/**
 * Logging in to the console: users, sessions, cookies, and how fast passwords may be tried.
 *
 * <p>It may import {@code access}, {@code event} and {@code http}.
 */
@NullMarked
package dev.acuse.console.session;

import org.jspecify.annotations.NullMarked;
