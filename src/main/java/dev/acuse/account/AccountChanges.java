package dev.acuse.account;

import dev.acuse.database.SchemaFloor;
import dev.acuse.text.Secret;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes of accounts within the turn of one transaction. */
final class AccountChanges {
  /** The migration that has made accounts: a version that lacks it would use main's for all. */
  private static final int MIGRATION = 21;

  private final AccountStore.Turn turn;
  private final AccountFollower alongside;

  AccountChanges(AccountStore.Turn turn, AccountFollower alongside) {
    this.turn = turn;
    this.alongside = alongside;
  }

  Account add(String name, AccountChange values, boolean olderInstances) {
    AccountSet present = turn.effective();
    if (present.byName(name).isPresent()) {
      throw AccountProblem.conflict(
          "name", "taken", "an account has or had this name, and no other ever gets it");
    }
    if (present.main().sellerId() == null) {
      throw AccountProblem.conflict(
          null,
          "main_seller_unknown",
          "before a second account, main's seller must be known: set MP_COLLECTOR_ID, or its"
              + " mp_user_id");
    }
    if (olderInstances) {
      throw AccountProblem.conflict(
          null,
          "older_instance",
          "an instance of an older version is alive, which would call for each account as main:"
              + " upgrade it or stop it, and try again a minute later");
    }
    Instant now = turn.clock().instant();
    var fresh =
        new AccountRow(
            0,
            UUID.randomUUID().toString(),
            name,
            name,
            AccountState.ACTIVE.code(),
            Application.MAIN,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            now,
            now,
            null);
    AccountRow row = changed(fresh, values, Set.of(), present);
    SchemaFloor.raise(turn.handle(), MIGRATION);
    long id = turn.dao().insert(row);
    return turn.changed(null, id, alongside);
  }

  Account change(long id, AccountChange change) {
    AccountSet present = turn.effective();
    Account before = connected(present, id);
    if (change.equals(AccountChange.NONE)) {
      return before;
    }
    turn.dao().update(changed(row(id), change, before.ruled(), present));
    return turn.changed(before, id, alongside);
  }

  Account setState(long id, AccountState state) {
    AccountSet present = turn.effective();
    Account before = connected(present, id);
    if (before.state() == state) {
      return before;
    }
    turn.dao().update(inState(row(id), state));
    return turn.changed(before, id, alongside);
  }

  Account disconnect(long id) {
    Account before = turn.effective().byId(id).orElseThrow(() -> AccountProblem.missing("account"));
    if (before.name().equals(Account.MAIN_NAME)) {
      throw AccountProblem.conflict(
          null, "main", "the account main is always there: it can be paused");
    }
    if (!before.isConnected()) {
      return before;
    }
    turn.dao().update(inState(row(id), AccountState.DISCONNECTED));
    return turn.changed(before, id, alongside);
  }

  private static Account connected(AccountSet present, long id) {
    Account account = present.byId(id).orElseThrow(() -> AccountProblem.missing("account"));
    if (!account.isConnected()) {
      throw AccountProblem.conflict(
          null, "disconnected", "the account " + account.name() + " is disconnected for good");
    }
    return account;
  }

  private AccountRow row(long id) {
    return turn.stored().accounts().stream()
        .filter(row -> row.id() == id)
        .findFirst()
        .orElseThrow(() -> AccountProblem.missing("account"));
  }

  private AccountRow inState(AccountRow row, AccountState state) {
    boolean ends = state == AccountState.DISCONNECTED;
    Instant now = turn.clock().instant();
    return new AccountRow(
        row.id(),
        row.uuid(),
        row.name(),
        row.displayName(),
        state.code(),
        row.applicationId(),
        row.mpUserId(),
        ends ? null : row.liveUserId(),
        row.site(),
        ends ? null : row.accessToken(),
        ends ? null : row.accessTokenAt(),
        ends ? null : row.refreshToken(),
        ends ? null : row.refreshTokenAt(),
        row.tokenExpiresAt(),
        row.crmKind(),
        ends ? null : row.crmToken(),
        ends ? null : row.crmTokenAt(),
        row.locationId(),
        row.createdAt(),
        now,
        ends ? now : null);
  }

  private AccountRow changed(
      AccountRow row, AccountChange change, Set<AccountField> ruled, AccountSet present) {
    refuseRuled(change.accessToken(), ruled, AccountField.ACCESS_TOKEN);
    refuseRuled(change.sellerId(), ruled, AccountField.SELLER);
    refuseRuled(change.crmToken(), ruled, AccountField.CRM_TOKEN);
    refuseRuled(change.locationId(), ruled, AccountField.LOCATION);
    FieldRules.checkSite(change.site().value());
    FieldRules.checkLocation(change.locationId().value());
    Secret accessToken = secret(change.accessToken());
    Secret refreshToken = secret(change.refreshToken());
    Secret crmToken = secret(change.crmToken());
    FieldRules.checkAccessToken(accessToken);
    FieldRules.checkRefreshToken(refreshToken);
    FieldRules.checkCrmToken(crmToken);
    String seller = seller(row, change, accessToken, present);
    Instant now = turn.clock().instant();
    boolean isNewToken = change.accessToken().isGiven();
    return new AccountRow(
        row.id(),
        row.uuid(),
        row.name(),
        change.displayName().isGiven()
            ? FieldRules.displayName(change.displayName().value())
            : row.displayName(),
        row.state(),
        applicationId(row, change, present),
        seller,
        seller,
        change.site().or(row.site()),
        sealed(SecretColumn.ACCESS_TOKEN, row, change.accessToken(), row.accessToken()),
        setAt(change.accessToken(), row.accessTokenAt(), now),
        sealed(SecretColumn.REFRESH_TOKEN, row, change.refreshToken(), row.refreshToken()),
        setAt(change.refreshToken(), row.refreshTokenAt(), now),
        // When the one before would have ended says nothing of this one.
        change.tokenExpiresAt().or(isNewToken ? null : row.tokenExpiresAt()),
        row.crmKind(),
        sealed(SecretColumn.CRM_TOKEN, row, change.crmToken(), row.crmToken()),
        setAt(change.crmToken(), row.crmTokenAt(), now),
        change.locationId().or(row.locationId()),
        row.createdAt(),
        now,
        row.disconnectedAt());
  }

  private static void refuseRuled(Given<?> given, Set<AccountField> ruled, AccountField field) {
    if (given.isGiven() && ruled.contains(field)) {
      throw AccountProblem.conflict(
          field.code(),
          "set_by_environment",
          "%s of the environment sets it: change it there, or take it out"
              .formatted(field.variable()));
    }
  }

  private static Secret secret(Given<Secret> given) {
    Secret value = given.value();
    return value == null ? Secret.NONE : value;
  }

  private @Nullable String sealed(
      SecretColumn column, AccountRow row, Given<Secret> given, @Nullable String present) {
    if (!given.isGiven()) {
      return present;
    }
    Secret secret = secret(given);
    return secret.isSet()
        ? column.seal(turn.sealing(column.column()), row.uuid(), secret.reveal())
        : null;
  }

  private static @Nullable Instant setAt(
      Given<Secret> given, @Nullable Instant present, Instant now) {
    if (!given.isGiven()) {
      return present;
    }
    return secret(given).isSet() ? now : null;
  }

  private long applicationId(AccountRow row, AccountChange change, AccountSet present) {
    if (!change.applicationId().isGiven()) {
      return row.applicationId();
    }
    Long id = change.applicationId().value();
    if (id == null || present.application(id).filter(one -> !one.isHidden()).isEmpty()) {
      throw AccountProblem.invalid("application", "unknown", "there is no such application");
    }
    return id;
  }

  /** Whose it is from now on, by what is given, by what is there, and by the token. */
  private @Nullable String seller(
      AccountRow row, AccountChange change, Secret accessToken, AccountSet present) {
    String given = change.sellerId().value();
    FieldRules.checkSeller(given);
    boolean isMain = row.name().equals(Account.MAIN_NAME);
    String ofToken = FieldRules.sellerOf(accessToken);
    String ruling = isMain ? turn.environment().sellerId() : null;
    String stored = change.sellerId().or(row.mpUserId());
    String known = ruling == null ? stored : ruling;
    if (known == null && ofToken != null && !change.sellerId().isGiven()) {
      stored = ofToken;
      known = ofToken;
    }
    if (ofToken != null && known != null && !ofToken.equals(known)) {
      throw AccountProblem.invalid(
          "access_token", "other_seller", "it is a token of the seller " + ofToken);
    }
    if (known == null && (!isMain || !present.isMainAlone())) {
      throw AccountProblem.invalid(
          "mp_user_id",
          "required",
          "where there are several accounts, the seller of each must be known");
    }
    if (stored != null && !Objects.equals(stored, row.mpUserId())) {
      refuseTaken(stored, row.id(), present);
    }
    return stored;
  }

  private void refuseTaken(String seller, long id, AccountSet present) {
    Account owner = present.bySeller(seller).orElse(null);
    String owning = owner == null ? null : owner.name();
    for (AccountRow other : turn.stored().accounts()) {
      // Of main a seller may be stored besides the environment's.
      if (owner == null && seller.equals(other.liveUserId())) {
        owning = other.name();
      }
    }
    boolean isOwn = owner != null && owner.id() == id;
    if (owning != null && !isOwn) {
      throw AccountProblem.conflict(
          "mp_user_id", "seller_taken", "the account " + owning + " has this seller");
    }
  }
}
