package dev.acuse.account;

import dev.acuse.account.seal.Keyring;
import dev.acuse.account.seal.Keys;
import dev.acuse.account.seal.NoKeyException;
import dev.acuse.account.seal.SealedPlace;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sealed word of a database, by which an instance knows that its keys are those of the others:
 * where they don't open it, nothing is sealed.
 */
final class KeyCheck {
  private static final SealedPlace PLACE =
      new SealedPlace("account_settings", "key_check", new UUID(0, 0));
  private static final String WORD = "acuse";

  private KeyCheck() {}

  static String seal(Keyring keys) {
    return keys.seal(PLACE, WORD);
  }

  private static boolean opens(Keyring keys, String check) {
    return keys.open(PLACE, check).isPresent();
  }

  /**
   * What is wrong with the keys, as a line.
   *
   * @param check null if nothing was sealed yet
   * @return null if nothing is
   */
  static @Nullable String trouble(Keys keys, @Nullable String check) {
    if (check == null) {
      return keys.ring().isEmpty() ? keys.trouble() : null;
    }
    if (opens(keys.ring(), check)) {
      return null;
    }
    String why = keys.trouble();
    if (why != null) {
      return why;
    }
    if (!keys.ring().isEmpty()) {
      return "no key of " + keys.source() + " is one of this database's";
    }
    return keys.file() == null
        ? "ACUSE_KEY is not set, and this database holds secrets that were sealed by one"
        : "there is no " + keys.file() + ", and this database holds secrets that were sealed by it";
  }

  /**
   * The keys, if they may seal.
   *
   * @param field the secret that is to be sealed; null for all
   * @throws AccountProblem if they may not
   */
  static Keyring toSeal(Keys keys, @Nullable String check, @Nullable String field) {
    String trouble = check == null ? null : trouble(keys, check);
    if (trouble != null) {
      throw AccountProblem.conflict(field, "wrong_key", "nothing can be sealed: " + trouble);
    }
    try {
      return keys.toSeal();
    } catch (NoKeyException e) {
      throw AccountProblem.conflict(field, "no_key", String.valueOf(e.getMessage()));
    }
  }
}
