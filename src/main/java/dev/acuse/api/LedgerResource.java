package dev.acuse.api;

import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Parameter;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.Restored;
import dev.acuse.intake.BookKeeper;
import dev.acuse.mercadopago.reconciliation.Completeness;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The books: nothing that was acknowledged may be missing, nor anything that MercadoPago has. */
@Path("/api/ledger")
@Produces(MediaType.APPLICATION_JSON)
public final class LedgerResource {
  private static final int MAX_DAYS = 31;
  private static final int DEFAULT_DAYS = 7;

  private final BookKeeper books;
  private final Completeness completeness;
  private final AccountNames accounts;
  private final Supplier<@Nullable Restored> restored;
  private final InstantSource clock;

  /**
   * @param books of this instance, which reads the others' too
   * @param restored says which backup this inbox is; null if it is none
   * @param clock the database's time
   */
  public LedgerResource(
      BookKeeper books,
      Completeness completeness,
      AccountNames accounts,
      Supplier<@Nullable Restored> restored,
      InstantSource clock) {
    this.books = books;
    this.completeness = completeness;
    this.accounts = accounts;
    this.restored = restored;
    this.clock = clock;
  }

  /** The balance of each process run, and each day's completeness. */
  @GET
  public LedgerBooks get(
      @Auth ApiCaller caller,
      @QueryParam(AccountNames.ACCOUNT) @Nullable String account,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to) {
    AccountNames.requireEverything(caller.scope());
    Scope seen = accounts.narrowed(caller.scope(), new Parameter(AccountNames.ACCOUNT, account));
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate last = date("to", to, today);
    LocalDate first = date("from", from, last.minusDays(DEFAULT_DAYS - 1L));
    var parameter = new Parameter("from", from);
    if (first.isAfter(today)) {
      throw parameter.invalid("must not be in the future");
    }
    if (first.isAfter(last)) {
      throw parameter.invalid("must not be after 'to'");
    }
    if (first.plusDays(MAX_DAYS - 1L).isBefore(last)) {
      throw parameter.invalid("must be at most " + (MAX_DAYS - 1) + " days before 'to'");
    }
    List<IntakeBalance> balances = books.balances().orElse(List.of());
    OptionalLong unaccounted = books.unaccountedEverywhere();
    return new LedgerBooks(
        unaccounted.isPresent() ? unaccounted.getAsLong() : null,
        LedgerBooks.RestoredView.of(restored.get()),
        balances.stream().map(LedgerBooks.RunView::of).toList(),
        first
            .datesUntil(last.plusDays(1))
            .map(day -> LedgerBooks.DayView.of(seen, day, completeness))
            .toList());
  }

  private static LocalDate date(String name, @Nullable String value, LocalDate absent) {
    var parameter = new Parameter(name, value);
    String text = parameter.value();
    if (text == null) {
      return absent;
    }
    try {
      LocalDate date = LocalDate.parse(text);
      if (date.getYear() >= 2000 && date.getYear() < 10_000) {
        return date;
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw parameter.invalid("must be a date, such as 2026-03-02");
  }
}
