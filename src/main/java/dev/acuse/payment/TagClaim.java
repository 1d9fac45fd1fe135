package dev.acuse.payment;

import dev.acuse.payment.state.Payment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tags that one handler may put on a contact until its claim runs out.
 *
 * @param payment as it was when they were claimed
 * @param token marks the rows as claimed by this handler
 * @param contactId null if there are no tags
 * @param tags may be empty
 * @param result what it comes to once these tags are on the contact
 */
record TagClaim(
    Payment payment,
    String token,
    @Nullable String contactId,
    List<String> tags,
    TagResult result) {}
