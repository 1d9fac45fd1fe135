package dev.acuse.account;

import dev.acuse.account.seal.Keyring;
import dev.acuse.account.seal.SealedPlace;
import dev.acuse.text.Secret;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns that hold sealed texts, and what is bound into their seals. */
enum SecretColumn {
  ACCESS_TOKEN("accounts", "access_token"),
  REFRESH_TOKEN("accounts", "refresh_token"),
  CRM_TOKEN("accounts", "crm_token"),
  CLIENT_SECRET("applications", "client_secret"),
  WEBHOOK_SECRETS("applications", "webhook_secrets");

  private final String table;
  private final String column;

  SecretColumn(String table, String column) {
    this.table = table;
    this.column = column;
  }

  /** Its name in the database and in the API. */
  String column() {
    return column;
  }

  private SealedPlace of(String uuid) {
    return new SealedPlace(table, column, UUID.fromString(uuid));
  }

  String seal(Keyring keys, String uuid, String text) {
    return keys.seal(of(uuid), text);
  }

  /** The text; null if no key opens it. */
  @Nullable String open(Keyring keys, String uuid, String sealed) {
    return keys.open(of(uuid), sealed).orElse(null);
  }

  /** What it holds, for use. */
  HeldSecret held(Keyring keys, String uuid, @Nullable String sealed, @Nullable Instant setAt) {
    if (sealed == null) {
      return HeldSecret.NONE;
    }
    String text = open(keys, uuid, sealed);
    return text == null
        ? new HeldSecret(Secret.NONE, true, setAt)
        : new HeldSecret(Secret.of(text), false, setAt);
  }

  /** Sealed by the first key; what no key opens, and null, stays as it is. */
  @Nullable String resealed(Keyring keys, String uuid, @Nullable String sealed) {
    if (sealed == null || keys.isOfFirst(sealed)) {
      return sealed;
    }
    String text = open(keys, uuid, sealed);
    return text == null ? sealed : seal(keys, uuid, text);
  }
}
