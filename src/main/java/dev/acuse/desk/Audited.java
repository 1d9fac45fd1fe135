package dev.acuse.desk;

import dev.acuse.access.Grantor;
import dev.acuse.account.Account;
import dev.acuse.account.AccountFollower;
import dev.acuse.account.AccountState;
import dev.acuse.account.Application;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes down who changed which fields, in the transaction of the change; never what they hold. */
final class Audited implements AccountFollower {
  private final Grantor by;
  private final InstantSource clock;

  Audited(Grantor by, InstantSource clock) {
    this.by = by;
    this.clock = clock;
  }

  @Override
  public void changed(Handle handle, @Nullable Account before, Account after) {
    var fields = new Fields<>(before, after);
    fields.compare("display_name", Account::displayName);
    fields.compare("application", Account::applicationId);
    fields.compare("mp_user_id", Account::sellerId);
    fields.compare("site", Account::site);
    fields.compare("access_token", Account::accessToken);
    fields.compare("refresh_token", Account::refreshToken);
    fields.compare("token_expires_at", Account::tokenExpiresAt);
    fields.compare("crm_token", Account::crmToken);
    fields.compare("location_id", Account::locationId);
    record(handle, action(before, after), "account " + after.name(), fields.changed, after.id());
  }

  private static String action(@Nullable Account before, Account after) {
    if (before == null) {
      return "account-add";
    }
    if (before.state() == after.state()) {
      return "account-set";
    }
    if (after.state() == AccountState.DISCONNECTED) {
      return "account-remove";
    }
    return after.state() == AccountState.PAUSED ? "account-pause" : "account-resume";
  }

  @Override
  public void applicationChanged(Handle handle, @Nullable Application before, Application after) {
    var fields = new Fields<>(before, after);
    fields.compare("client_id", Application::clientId);
    fields.compare("client_secret", Application::clientSecret);
    fields.compare("webhook_secrets", Application::webhookSecrets);
    String action =
        before == null
            ? "application-add"
            : before.isHidden() == after.isHidden() ? "application-set" : "application-remove";
    record(handle, action, "application " + after.name(), fields.changed, AuditTrail.INSTALLATION);
  }

  private void record(
      Handle handle, String action, String what, List<String> fields, long accountId) {
    AuditTrail.insertDone(
        handle,
        accountId,
        new OperatorRequest(by.name(), action, null),
        null,
        fields.isEmpty() ? what : what + ": " + String.join(", ", fields),
        clock.instant());
  }

  private static final class Fields<T> {
    private final @Nullable T before;
    private final T after;
    private final List<String> changed = new ArrayList<>();

    Fields(@Nullable T before, T after) {
      this.before = before;
      this.after = after;
    }

    void compare(String name, Function<T, @Nullable Object> field) {
      Object now = field.apply(after);
      Object then = before == null ? null : field.apply(before);
      if (!Objects.equals(then, now)) {
        changed.add(name);
      }
    }
  }
}
