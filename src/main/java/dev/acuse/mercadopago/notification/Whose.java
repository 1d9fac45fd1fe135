package dev.acuse.mercadopago.notification;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Application;
import dev.acuse.event.Place;
import dev.acuse.intake.Delivery;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose a delivery is: the secret that fits decides, then the seller that it names. What it names
 * without a signature that fits is no more than a proposal. Pure.
 */
final class Whose {
  private final Secrets secrets;
  private final @Nullable Account byPath;
  private final @Nullable Account bySeller;
  private final @Nullable String sellerId;
  private final @Nullable String applicationId;

  /**
   * Where an event belongs.
   *
   * @param sellerId kept of what is no account's; null if it is an account's, or names no seller
   * @param budget the id of the account whose budget it takes; {@link Place#NO_ACCOUNT} for that of
   *     all sellers that are no account's
   */
  record Owner(Place place, @Nullable String sellerId, long budget) {
    private static Owner of(Account account) {
      return new Owner(Place.mercadoPago(account.id()), null, account.id());
    }
  }

  Whose(Secrets secrets, Delivery delivery, Notification notification) {
    this.secrets = secrets;
    this.sellerId = notification.body().userId();
    this.applicationId = notification.body().applicationId();
    this.byPath = secrets.named(delivery.account()).orElse(null);
    this.bySeller = secrets.ofSeller(sellerId).orElse(null);
  }

  /** The secrets to be tried first: those of the applications that it names. */
  List<Secrets.Key> proposed() {
    AccountSet accounts = secrets.accounts();
    Optional<Long> named =
        applicationId == null
            ? Optional.empty()
            : accounts.byClientId(applicationId).map(Application::id);
    Stream<Long> applications =
        Stream.concat(
            Stream.of(byPath, bySeller).flatMap(Stream::ofNullable).map(Account::applicationId),
            named.stream());
    return applications.distinct().flatMap(id -> secrets.of(id).stream()).distinct().toList();
  }

  /** The account that it is about as far as it says so: of what no secret vouches for. */
  Account claimed() {
    return Stream.of(byPath, bySeller)
        .flatMap(Stream::ofNullable)
        .findFirst()
        .orElse(secrets.accounts().main());
  }

  /** Where it belongs if no secret vouches for it. */
  Owner hinted() {
    Account account = claimed();
    boolean isOfNone =
        byPath == null && bySeller == null && sellerId != null && !secrets.accounts().isMainAlone();
    return isOfNone
        ? new Owner(Place.mercadoPago(account.id()), null, Place.NO_ACCOUNT)
        : Owner.of(account);
  }

  /** Whether the secret that it may be signed with is one that cannot be read. */
  boolean mayBeUnreadable() {
    return (byPath == null && bySeller == null)
        ? secrets.hasUnreadable()
        : secrets.accounts().applicationOf(claimed()).hasUnreadableSecret();
  }

  /** Whether the account that it is about has no secret at all, so that nothing is checked. */
  boolean isUnchecked() {
    return secrets.accounts().applicationOf(claimed()).webhookSecrets().isEmpty();
  }

  /** Where it belongs if this secret vouches for it. */
  Owner signedWith(Secrets.Key key) {
    if (bySeller != null && key.isOf(bySeller)) {
      return Owner.of(bySeller);
    }
    if (sellerId != null && !comparesNone(key)) {
      return ofNone(key, sellerId);
    }
    if (byPath != null && key.isOf(byPath)) {
      return byPath.isConnected() ? Owner.of(byPath) : ofNone(key, byPath.sellerId());
    }
    // Those that name no seller are told apart when they are looked up.
    return key.owners().stream().findFirst().map(Owner::of).orElseGet(() -> ofNone(key, null));
  }

  /**
   * Whether it can only be meant for an owner of the secret whose seller is not known yet. While
   * {@code main} is alone, whatever its secret signs is its own.
   */
  private boolean comparesNone(Secrets.Key key) {
    if (secrets.accounts().isMainAlone()) {
      return true;
    }
    if (bySeller != null) {
      return false;
    }
    Account meant = key.owners().size() == 1 ? key.owners().get(0) : null;
    if (byPath != null && byPath.isConnected() && key.isOf(byPath)) {
      meant = byPath;
    }
    return meant != null && meant.sellerId() == null;
  }

  private static Owner ofNone(Secrets.Key key, @Nullable String sellerId) {
    return new Owner(Place.unknownAccount(key.applicationId()), sellerId, Place.NO_ACCOUNT);
  }

  /** Whether it is the account's of which something is known without the accounts of the others. */
  boolean isSurelyMains() {
    return sellerId != null && sellerId.equals(secrets.accounts().main().sellerId());
  }
}
