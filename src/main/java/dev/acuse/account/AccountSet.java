package dev.acuse.account;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All accounts and applications at one time. Immutable; the same object for as long as nothing
 * changes.
 */
public final class AccountSet {
  private final long version;
  private final List<Account> accounts;
  private final List<Application> applications;
  private final Map<Long, Account> byId = new HashMap<>();
  private final Map<String, Account> byName = new HashMap<>();
  private final Map<String, Account> bySeller = new HashMap<>();
  private final Map<Long, Application> applicationsById = new HashMap<>();
  private final Map<String, Application> byClientId = new HashMap<>();

  /**
   * @param version grows with each change
   * @param accounts {@code main} among them, the disconnected too, by id
   * @param applications {@code main} among them, the hidden too, by id
   */
  public AccountSet(long version, List<Account> accounts, List<Application> applications) {
    this.version = version;
    this.accounts = List.copyOf(accounts);
    this.applications = List.copyOf(applications);
    for (Account account : this.accounts) {
      byId.put(account.id(), account);
      byName.put(account.name(), account);
      if (account.sellerId() != null && account.isConnected()) {
        bySeller.put(account.sellerId(), account);
      }
    }
    for (Application application : this.applications) {
      applicationsById.put(application.id(), application);
      if (application.clientId() != null && !application.isHidden()) {
        byClientId.put(application.clientId(), application);
      }
    }
    Objects.requireNonNull(byName.get(Account.MAIN_NAME), "there is always the account main");
  }

  /** Grows with each change of an account or an application. */
  public long version() {
    return version;
  }

  /** All, the disconnected too, by id. */
  public List<Account> all() {
    return accounts;
  }

  /** All applications, the hidden too, by id. */
  public List<Application> applications() {
    return applications;
  }

  /** The one that there always is. */
  public Account main() {
    return Objects.requireNonNull(byName.get(Account.MAIN_NAME));
  }

  /** Whatever its state. */
  public Optional<Account> byId(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Whatever its state. */
  public Optional<Account> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The account of a seller, if it isn't disconnected. */
  public Optional<Account> bySeller(String sellerId) {
    return Optional.ofNullable(bySeller.get(sellerId));
  }

  /**
   * The application of an account.
   *
   * @throws NullPointerException if there is none, which the schema rules out
   */
  public Application applicationOf(Account account) {
    return Objects.requireNonNull(applicationsById.get(account.applicationId()));
  }

  /** An application by its id. */
  public Optional<Application> application(long id) {
    return Optional.ofNullable(applicationsById.get(id));
  }

  /** An application by its name, hidden or not. */
  public Optional<Application> applicationByName(String name) {
    return applications.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The application that MercadoPago knows by this id, if it isn't hidden. */
  public Optional<Application> byClientId(String clientId) {
    return Optional.ofNullable(byClientId.get(clientId));
  }

  /** The accounts of an application that take webhooks, by id. */
  public List<Account> ownedBy(long applicationId) {
    return accounts.stream()
        .filter(account -> account.applicationId() == applicationId && account.isConnected())
        .toList();
  }

  /** Whether there is no account but {@code main}, connected or not. */
  public boolean isMainAlone() {
    return accounts.size() == 1;
  }
}
