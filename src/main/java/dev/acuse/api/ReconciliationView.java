package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of reconciliation as the API shows it.
 *
 * @param account the name of the account that is compared
 */
@JsonNaming(SnakeCaseStrategy.class)
record ReconciliationView(
    long id,
    String account,
    String cause,
    @Nullable String requestedBy,
    boolean dryRun,
    String status,
    Instant from,
    Instant to,
    Instant reached,
    long remote,
    long known,
    long missing,
    long stale,
    long untagged,
    long orders,
    long ordersBehind,
    long onlineOrders,
    long onlineOrdersBehind,
    long queued,
    long healed,
    int resumed,
    int tries,
    @Nullable Instant gapFrom,
    @Nullable Instant gapTo,
    long busyMillis,
    @Nullable String error,
    Instant createdAt,
    @Nullable Instant finishedAt) {

  static ReconciliationView of(ReconciliationRun run, String account) {
    ReconciliationRun.Tally tally = run.tally();
    return new ReconciliationView(
        run.id(),
        account,
        run.cause().code(),
        run.requestedBy(),
        run.dryRun(),
        run.status().code(),
        run.from(),
        run.to(),
        run.reached(),
        tally.remote(),
        tally.known(),
        tally.missing(),
        tally.stale(),
        tally.untagged(),
        run.orders().remote(),
        run.orders().behind(),
        run.online().remote(),
        run.online().behind(),
        tally.queued(),
        run.healed(),
        run.resumed(),
        run.tries(),
        run.gapFrom(),
        run.gapTo(),
        run.busyMillis(),
        run.error(),
        run.createdAt(),
        run.finishedAt());
  }
}
