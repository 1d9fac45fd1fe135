package dev.acuse.desk;

import dev.acuse.account.HeldSecret;
import dev.acuse.mercadopago.MercadoPagoAccount;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.OrderSearch;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Diagnosis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an access token can do. */
final class MercadoPagoProbe {
  private static final Duration WINDOW = Duration.ofHours(1);

  private final MercadoPagoClient client;
  private final InstantSource clock;

  /**
   * @param client of the token
   */
  MercadoPagoProbe(MercadoPagoClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  CredentialReport.MercadoPago look(HeldSecret token, @Nullable String sellerId) {
    if (token.isUnreadable()) {
      return CredentialReport.MercadoPago.only(
          Ability.no("token", "a token is stored, and no key of this instance opens it"));
    }
    if (!token.isSet()) {
      return CredentialReport.MercadoPago.only(
          Ability.no("token", "no access token is set: webhooks are stored, and wait for it"));
    }
    MercadoPagoAccount account;
    try {
      account = client.account();
    } catch (RemoteException e) {
      return CredentialReport.MercadoPago.only(refusal("token", "", e));
    }
    List<Ability> abilities = new ArrayList<>();
    abilities.add(Ability.yes("token", "MercadoPago takes the token"));
    abilities.add(seller(account, sellerId));
    abilities.add(payments());
    abilities.add(orders());
    return new CredentialReport.MercadoPago(
        abilities,
        account.id(),
        account.site().isBlank() ? null : account.site(),
        account.isTestUser());
  }

  private static Ability seller(MercadoPagoAccount account, @Nullable String sellerId) {
    String whose =
        "it is the token of the seller "
            + account.id()
            + (account.site().isBlank() ? "" : " (" + account.site() + ")")
            + (account.isTestUser() ? ", a test user" : "");
    if (sellerId == null) {
      return Ability.aside(
          "seller", null, whose + "; the account's mp_user_id is not set, and was left so");
    }
    return sellerId.equals(account.id())
        ? Ability.yes("seller", whose)
        : Ability.no(
            "seller",
            whose + ", and the account's mp_user_id is " + sellerId + ": set the one or the other");
  }

  private Ability payments() {
    Instant now = clock.instant();
    try {
      client.searchPayments(new PaymentSearch(now.minus(WINDOW), now, 1, 0));
      return Ability.yes("payments", "it may search payments");
    } catch (RemoteException e) {
      return refusal("payments", "payments cannot be searched, so that nothing is reconciled: ", e);
    }
  }

  private Ability orders() {
    Instant now = clock.instant();
    try {
      client.searchOrders(new OrderSearch(now.minus(WINDOW), now, 1, 0));
      return Ability.aside("orders", true, "it may search merchant orders");
    } catch (RemoteException e) {
      return Ability.aside(
          "orders",
          isTold(e) ? false : null,
          "merchant orders cannot be searched; payments are reconciled without: " + e.getMessage());
    }
  }

  private static Ability refusal(String name, String before, RemoteException e) {
    String sentence = before + e.getMessage();
    return isTold(e) ? Ability.no(name, sentence) : Ability.untold(name, sentence);
  }

  /** Whether it is an answer about the token, rather than none. */
  static boolean isTold(RemoteException e) {
    return e.diagnosis() == Diagnosis.TOKEN_REFUSED
        || (e.diagnosis() == Diagnosis.ANSWERED && !e.isTooManyRequests());
  }
}
