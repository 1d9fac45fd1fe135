package dev.acuse.payment;

import dev.acuse.database.Timestamps;
import dev.acuse.payment.state.PaymentStage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The SQL of {@link TagCarryOver}, for the length of one handle. */
final class TagCarryOverDao {
  private static final String PAID = "paid";

  private final Handle handle;

  TagCarryOverDao(Handle handle) {
    this.handle = handle;
  }

  /**
   * How far it is.
   *
   * @param contactId the last contact of which a tag was carried over; empty at the beginning
   * @param tag the last of its tags
   */
  record State(String contactId, String tag, boolean done) {}

  /**
   * A row of {@code crm_tags} with its payment.
   *
   * @param subjectContact the contact whom the payment is for now; null if it is not known
   * @param checkoutStatus null if it belongs to no checkout
   * @param counts whether the payment fits, or an operator accepted it
   */
  record Row(
      String contactId,
      String tag,
      long paymentId,
      @Nullable Instant appliedAt,
      Instant createdAt,
      String status,
      boolean counts,
      @Nullable Long checkoutId,
      @Nullable String checkoutStatus,
      @Nullable String subjectContact) {

    /**
     * Whether the payment wants the tag as it stands; a later judgement may see more, and then
     * takes the reason away.
     */
    boolean isDue(TagRules rules) {
      boolean isHistory = PAID.equals(checkoutStatus) && PaymentStage.of(status).isBeforeApproval();
      return counts
          && !isHistory
          && Objects.equals(contactId, subjectContact)
          && rules.tagsFor(status).contains(tag);
    }
  }

  boolean isDone() {
    return handle
        .createQuery("SELECT done FROM tag_carry_over")
        .map((row, context) -> row.getBoolean("done"))
        .one();
  }

  State lock() {
    return handle
        .createQuery("SELECT contact_id, tag, done FROM tag_carry_over FOR UPDATE")
        .map(
            (row, context) ->
                new State(
                    row.getString("contact_id"), row.getString("tag"), row.getBoolean("done")))
        .one();
  }

  void reached(String contactId, String tag) {
    handle
        .createUpdate("UPDATE tag_carry_over SET contact_id = :contactId, tag = :tag")
        .bind("contactId", contactId)
        .bind("tag", tag)
        .execute();
  }

  void finish() {
    handle.execute("UPDATE tag_carry_over SET done = TRUE");
  }

  /** All rows of the next contacts and tags, in the order of these. */
  List<Row> next(State state, int keys) {
    return handle
        .createQuery(
            """
            SELECT t.contact_id, t.tag, t.payment_id, t.applied_at, t.created_at, p.status,
              p.flag, p.accepted_at, p.checkout_id, p.contact_id AS payment_contact,
              c.contact_id AS checkout_contact, c.status AS checkout_status
            FROM (SELECT DISTINCT contact_id, tag FROM crm_tags
                WHERE contact_id >= :contactId AND (contact_id > :contactId OR tag > :tag)
                ORDER BY contact_id, tag LIMIT :keys) k
            JOIN crm_tags t ON t.contact_id = k.contact_id AND t.tag = k.tag
            JOIN payments p ON p.id = t.payment_id
            LEFT JOIN checkouts c ON c.id = p.checkout_id
            ORDER BY t.contact_id, t.tag, t.payment_id
            """)
        .bind("contactId", state.contactId())
        .bind("tag", state.tag())
        .bind("keys", keys)
        .map(
            (row, context) -> {
              Long checkoutId = row.getObject("checkout_id", Long.class);
              return new Row(
                  row.getString("contact_id"),
                  row.getString("tag"),
                  row.getLong("payment_id"),
                  Timestamps.orNull(row, "applied_at"),
                  Timestamps.of(row, "created_at"),
                  row.getString("status"),
                  row.getString("flag") == null || Timestamps.orNull(row, "accepted_at") != null,
                  checkoutId,
                  row.getString("checkout_status"),
                  row.getString(checkoutId == null ? "payment_contact" : "checkout_contact"));
            })
        .list();
  }
}
