/**
 * Accounts and applications: whose a webhook is, and by which secrets things are called.
 *
 * <p>It may import {@code account.seal}, {@code database}, {@code process} and {@code text}.
 */
@NullMarked
package dev.acuse.account;

import org.jspecify.annotations.NullMarked;
