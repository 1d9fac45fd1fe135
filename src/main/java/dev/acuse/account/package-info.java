/** Accounts and applications: whose a webhook is, and by which secrets things are called. */
@NullMarked
package dev.acuse.account;

import org.jspecify.annotations.NullMarked;
