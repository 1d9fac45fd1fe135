package dev.acuse.support;

import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.effect.Wanted;
import dev.acuse.event.Arrival;
import dev.acuse.event.EffectKey;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.inbox.EventStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Effects for tests, written past the store that makes them from payments. */
public final class EffectFixture {
  private final Jdbi jdbi;
  private final Instant now;

  public EffectFixture(Jdbi jdbi, Instant now) {
    this.jdbi = jdbi;
    this.now = now;
  }

  /** An approved payment, of a checkout if one is given; answers our id. */
  public long payment(String mpPaymentId, @Nullable Long checkoutId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO payments (mp_payment_id, checkout_id, status, contact_id, created_at,
                      updated_at)
                    VALUES (:mpPaymentId, :checkoutId, 'approved', 'contact', :now, :now)
                    """)
                .bind("mpPaymentId", mpPaymentId)
                .bind("checkoutId", checkoutId)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
  }

  /** A checkout; answers our id. */
  public long checkout(String reference) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO checkouts (external_reference, contact_id, title, amount, currency,
                      status, created_at, updated_at)
                    VALUES (:reference, 'contact', 'Consulta', 10, 'ARS', 'paid', :now, :now)
                    """)
                .bind("reference", reference)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
  }

  /** Links an event to a payment, as an attempt that looked it up does. */
  public void link(long event, long payment) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE webhook_events SET payment_id = ? WHERE id = ?", payment, event));
  }

  /** A tag that is wanted because of a payment that is approved. */
  public long tag(String contact, String tag, EffectState state, Subject subject) {
    long id = row(EffectKind.TAG.code(), contact, tag, Wanted.PRESENT.code(), state.code());
    reason(id, subject, "approved");
    return id;
  }

  /** A row in these words, which may be of a newer version. */
  public long row(String kind, String target, String name, String wanted, String state) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO effects (account_id, family, kind, target, name, wanted, generation,
                      done_generation, state, error, created_at, updated_at)
                    VALUES (1, 'standing', :kind, :target, :name, :wanted, 1, :done, :state, :error,
                      :now, :now)
                    """)
                .bind("kind", kind)
                .bind("target", target)
                .bind("name", name)
                .bind("wanted", wanted)
                .bind("done", state.equals("done") ? 1 : 0)
                .bind("state", state)
                .bind("error", state.equals("failed") ? "GoHighLevel answered 422" : null)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
  }

  /** One more reason of an effect. */
  public void reason(long effect, Subject subject, String rule) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id,
                      created_at)
                    VALUES (:effect, :subject, :rule, 0, 1, :now)
                    """)
                .bind("effect", effect)
                .bind("subject", subject.code())
                .bind("rule", rule)
                .bind("now", now)
                .execute());
  }

  /**
   * The event of an effect's first generation, in this status; what is not pending has ended.
   *
   * @return the event's id
   */
  public long event(long effect, EventStatus status) {
    Place place = new Place(Place.MAIN_ACCOUNT, Lane.crm(Place.MAIN_ACCOUNT, null), effect);
    NewEvent event = NewEvent.effect(new EffectKey(effect, 1), EffectKind.TAG.code(), place);
    new EventStore(jdbi, Clock.systemUTC(), 4).appendAll(List.of(new Arrival(event, now, now)));
    return jdbi.inTransaction(
        handle -> {
          long id =
              handle
                  .createQuery("SELECT id FROM webhook_events WHERE effect_id = :effect")
                  .bind("effect", effect)
                  .mapTo(Long.class)
                  .one();
          if (status != EventStatus.PENDING) {
            handle
                .createUpdate(
                    """
                    UPDATE webhook_events SET status = :status, next_retry_at = NULL,
                      finished_at = :now WHERE id = :id
                    """)
                .bind("status", status.code())
                .bind("now", now)
                .bind("id", id)
                .execute();
          }
          handle
              .createUpdate("UPDATE effects SET event_id = :event WHERE id = :effect")
              .bind("event", id)
              .bind("effect", effect)
              .execute();
          return id;
        });
  }
}
