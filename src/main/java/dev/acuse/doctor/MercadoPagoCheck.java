package dev.acuse.doctor;

import dev.acuse.mercadopago.MercadoPagoAccount;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.OrderSearch;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether MercadoPago takes our token, whose it is, what it may do, and whether both clocks agree.
 * It asks past the breaker, so that neither holds the other back.
 */
public final class MercadoPagoCheck {
  private static final Duration WINDOW = Duration.ofHours(1);

  /** The header is in whole seconds, and the answer is some time under way. */
  private static final Duration NEARLY_EQUAL = Duration.ofSeconds(5);

  private static final Duration FAR_APART = Duration.ofMinutes(1);

  private final MercadoPagoClient client;
  private final @Nullable String collectorId;
  private final InstantSource clock;

  /**
   * @param client without a breaker
   * @param collectorId the account that payments must belong to; null if that isn't checked
   * @param clock this machine's
   */
  public MercadoPagoCheck(
      MercadoPagoClient client, @Nullable String collectorId, InstantSource clock) {
    this.client = client;
    this.collectorId = collectorId;
    this.clock = clock;
  }

  /** What there is to say. */
  public List<Finding> look() {
    List<Finding> found = new ArrayList<>();
    MercadoPagoAccount account;
    try {
      account = client.account();
    } catch (RemoteException.NotSetUp e) {
      return List.of(
          Finding.advice("mercadopago", "nothing can be asked: MP_ACCESS_TOKEN is not set"));
    } catch (RemoteException e) {
      return List.of(Finding.wrong("mercadopago.token", refusal(e)));
    }
    Instant now = clock.instant();
    found.add(token(account));
    found.add(clock(account.answeredAt(), now));
    found.add(payments(now));
    found.add(orders(now));
    return found;
  }

  /**
   * Whether the token of a further account is taken, and is its seller's, in one line.
   *
   * @param name the account's
   * @param sellerId null if it is not known, and then none is compared
   * @param client the account's, without a breaker
   */
  public static Finding ofAccount(
      String name, @Nullable String sellerId, MercadoPagoClient client) {
    String check = "accounts.mercadopago";
    MercadoPagoAccount account;
    try {
      account = client.account();
    } catch (RemoteException.NotSetUp e) {
      return Finding.advice(check, name + " has no access token: its events wait for one");
    } catch (RemoteException e) {
      return Finding.wrong(check, name + ": " + e.getMessage());
    }
    return sellerId == null || sellerId.equals(account.id())
        ? Finding.ok(check, name + ": the token is of the seller " + account.id())
        : Finding.wrong(
            check,
            "%s: the token is of the seller %s, and the account's is %s: all its payments are taken for another's"
                .formatted(name, account.id(), sellerId));
  }

  private static String refusal(RemoteException e) {
    String said = String.valueOf(e.getMessage());
    return switch (e.diagnosis()) {
      case TOKEN_REFUSED -> said + "; set MP_ACCESS_TOKEN to the application's access token";
      case OUTAGE ->
          said + "; it is out, or something before it answers (MP_BASE_URL, proxy, network)";
      default -> said;
    };
  }

  private Finding token(MercadoPagoAccount account) {
    String whose =
        "the token is of the account "
            + account.id()
            + (account.site().isBlank() ? "" : " (" + account.site() + ")");
    return collectorId == null || collectorId.equals(account.id())
        ? Finding.ok("mercadopago.token", whose)
        : Finding.wrong(
            "mercadopago.token",
            whose
                + ", and MP_COLLECTOR_ID names "
                + collectorId
                + ": every payment would be flagged; set the one or the other right");
  }

  private static Finding clock(Optional<Instant> theirs, Instant ours) {
    if (theirs.isEmpty()) {
      return Finding.advice(
          "mercadopago.clock", "MercadoPago did not say its time, so that ours cannot be compared");
    }
    Duration apart = Duration.between(theirs.get(), ours);
    Duration size = apart.abs();
    if (size.compareTo(NEARLY_EQUAL) <= 0) {
      return Finding.ok("mercadopago.clock", "this machine's clock and MercadoPago's agree");
    }
    String text =
        "this machine's clock is %d s %s MercadoPago's: have it set by NTP"
            .formatted(size.toSeconds(), apart.isNegative() ? "behind" : "ahead of");
    return size.compareTo(FAR_APART) > 0
        ? Finding.wrong("mercadopago.clock", text)
        : Finding.advice("mercadopago.clock", text);
  }

  private Finding payments(Instant now) {
    try {
      client.searchPayments(new PaymentSearch(now.minus(WINDOW), now, 1, 0));
      return Finding.ok("mercadopago.search", "the token may search payments");
    } catch (RemoteException e) {
      return Finding.wrong(
          "mercadopago.search",
          "payments cannot be searched, so that nothing is reconciled: " + e.getMessage());
    }
  }

  private Finding orders(Instant now) {
    try {
      client.searchOrders(new OrderSearch(now.minus(WINDOW), now, 1, 0));
      return Finding.ok("mercadopago.orders", "the token may search merchant orders");
    } catch (RemoteException e) {
      return Finding.advice(
          "mercadopago.orders",
          "merchant orders cannot be searched; payments are reconciled without: " + e.getMessage());
    }
  }
}
