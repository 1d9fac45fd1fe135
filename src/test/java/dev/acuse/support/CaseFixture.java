package dev.acuse.support;

import java.math.BigDecimal;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Orders and disputes of {@code main}, written past the stores: in any words, also of later ones.
 */
public final class CaseFixture {
  private final Jdbi jdbi;
  private final Instant now;

  public CaseFixture(Jdbi jdbi, Instant now) {
    this.jdbi = jdbi;
    this.now = now;
  }

  /**
   * A dispute to be stored.
   *
   * @param mpId null while only its payment is known
   * @param words MercadoPago's, for its stage, status and reason alike
   * @param problem why the case is not known
   * @param deadline until when the seller may answer
   */
  public record Case(
      String kind,
      @Nullable String mpId,
      String state,
      @Nullable String words,
      @Nullable String problem,
      @Nullable Instant deadline) {
    /** One of which nothing more is known. */
    public Case(String kind, @Nullable String mpId, String state) {
      this(kind, mpId, state, null, null, null);
    }

    public Case inWords(String itsWords) {
      return new Case(kind, mpId, state, itsWords, problem, deadline);
    }

    public Case withProblem(String itsProblem) {
      return new Case(kind, mpId, state, words, itsProblem, deadline);
    }

    public Case due(Instant itsDeadline) {
      return new Case(kind, mpId, state, words, problem, itsDeadline);
    }

    /** The states in which nothing more comes of one. */
    boolean isOver() {
      return state.equals("won") || state.equals("lost") || state.equals("closed");
    }
  }

  /** A dispute of 1500.50 ARS against payments, by MercadoPago's ids; answers our id of it. */
  public long dispute(Case one, String... mpPaymentIds) {
    return jdbi.inTransaction(
        handle -> {
          long id =
              handle
                  .createUpdate(
                      """
                      INSERT INTO disputes (account_id, kind, case_key, mp_id, state, status, stage,
                        reason, amount, currency, deadline, problem, next_look_at, mp_updated_at,
                        created_at, updated_at, closed_at)
                      VALUES (1, :kind, :key, :mpId, :state, :words, :words, :words, :amount, 'ARS',
                        :deadline, :problem, :next, :now, :now, :now, :closed)
                      """)
                  .bind("kind", one.kind())
                  .bind(
                      "key",
                      one.mpId() == null ? "payment:" + mpPaymentIds[0] : "case:" + one.mpId())
                  .bind("mpId", one.mpId())
                  .bind("state", one.state())
                  .bind("words", one.words())
                  .bind("amount", new BigDecimal("1500.50"))
                  .bindByType("deadline", one.deadline(), Instant.class)
                  .bind("problem", one.problem())
                  .bindByType("next", one.isOver() ? null : now.plusSeconds(3600), Instant.class)
                  .bind("now", now)
                  .bindByType("closed", one.isOver() ? now : null, Instant.class)
                  .executeAndReturnGeneratedKeys("id")
                  .mapTo(Long.class)
                  .one();
          for (String payment : mpPaymentIds) {
            handle.execute(
                """
                INSERT INTO dispute_payments (dispute_id, mp_payment_id, account_id, standing)
                VALUES (?, ?, 1, 'disputed')
                """,
                id,
                payment);
          }
          return id;
        });
  }

  /**
   * An order of which no amount is known, with payments by MercadoPago's ids; answers our id of it.
   *
   * @param status MercadoPago's word; of an order that is processed it is approved money
   */
  public long order(
      String mpOrderId, String status, @Nullable String statusDetail, String... mpPaymentIds) {
    return jdbi.inTransaction(
        handle -> {
          long id =
              handle
                  .createUpdate(
                      """
                      INSERT INTO mp_orders (account_id, mp_order_id, type, external_reference,
                        status, status_detail, payment_status, currency, created_at, updated_at)
                      VALUES (1, :order, 'online', 'order-1', :status, :detail, :money, 'ARS', :now,
                        :now)
                      """)
                  .bind("order", mpOrderId)
                  .bind("status", status)
                  .bind("detail", statusDetail)
                  .bind("money", status.equals("processed") ? "approved" : "unknown")
                  .bind("now", now)
                  .executeAndReturnGeneratedKeys("id")
                  .mapTo(Long.class)
                  .one();
          for (String payment : mpPaymentIds) {
            handle.execute(
                """
                INSERT INTO mp_order_payments (order_id, mp_payment_id, account_id) VALUES (?, ?, 1)
                """,
                id,
                payment);
          }
          return id;
        });
  }
}
