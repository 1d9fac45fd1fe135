package dev.acuse.mercadopago.notification;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Application;
import dev.acuse.account.HeldSecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of all applications, ready to verify with, and whose each is. Made once of each
 * {@link AccountSet}, so that a delivery costs the same however many accounts there are. Immutable.
 */
final class Secrets {
  private final AccountSet accounts;
  private final List<Key> all;
  private final Map<Long, List<Key>> byApplication = new HashMap<>();
  private final boolean hasUnreadable;

  /** One secret, which several applications may have in common. */
  static final class Key {
    private final SecretKeySpec spec;
    private final int number;
    private final TreeSet<Long> applications = new TreeSet<>();
    private final List<Account> owners = new ArrayList<>();

    private Key(SecretKeySpec spec, int number) {
      this.spec = spec;
      this.number = number;
    }

    SecretKeySpec spec() {
      return spec;
    }

    /** Which of its application's secrets it is, from 0; the newest is the first. */
    int number() {
      return number;
    }

    /** The application that it is of; of several the first. */
    long applicationId() {
      return applications.first();
    }

    /** Whether it is of this account's application, whatever the account's state. */
    boolean isOf(Account account) {
      return applications.contains(account.applicationId());
    }

    /** The connected accounts that it signs for, by id. */
    List<Account> owners() {
      return owners;
    }
  }

  private Secrets(AccountSet accounts) {
    this.accounts = accounts;
    Map<String, Key> byText = new LinkedHashMap<>();
    boolean unreadable = false;
    for (Application application : accounts.applications()) {
      if (!application.isHidden()) {
        unreadable |= application.hasUnreadableSecret();
        byApplication.put(application.id(), keys(application, byText));
      }
    }
    for (Account account : accounts.all()) {
      if (account.isConnected()) {
        of(account.applicationId()).forEach(key -> key.owners.add(account));
      }
    }
    this.all = List.copyOf(byText.values());
    this.hasUnreadable = unreadable;
  }

  private static List<Key> keys(Application application, Map<String, Key> byText) {
    List<Key> keys = new ArrayList<>();
    List<HeldSecret> secrets = application.webhookSecrets();
    for (int i = 0; i < secrets.size(); i++) {
      if (secrets.get(i).value().isSet()) {
        int number = i;
        Key key =
            byText.computeIfAbsent(
                secrets.get(i).value().reveal(),
                text -> new Key(MercadoPagoSignature.key(text), number));
        if (key.applications.add(application.id())) {
          keys.add(key);
        }
      }
    }
    return List.copyOf(keys);
  }

  static Secrets of(AccountSet accounts) {
    return new Secrets(accounts);
  }

  /** What they were made of. */
  AccountSet accounts() {
    return accounts;
  }

  /** Each once, by application. */
  List<Key> all() {
    return all;
  }

  /** Those of an application; none if it is hidden. */
  List<Key> of(long applicationId) {
    return byApplication.getOrDefault(applicationId, List.of());
  }

  /** Whether an application has a secret that cannot be read. */
  boolean hasUnreadable() {
    return hasUnreadable;
  }

  /** The account that an address names; empty if it names none, or none that there is. */
  Optional<Account> named(@Nullable String name) {
    return name == null ? Optional.empty() : accounts.byName(name);
  }

  /** The connected account of a seller; empty if there is none. */
  Optional<Account> ofSeller(@Nullable String sellerId) {
    return sellerId == null ? Optional.empty() : accounts.bySeller(sellerId);
  }
}
