package dev.acuse.account.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyringTest {
  private static final UUID OWNER = UUID.fromString("00000000-0000-4000-8000-000000000007");
  private static final SealedPlace PLACE = new SealedPlace("accounts", "access_token", OWNER);
  private static final String TEXT = "APP_USR-canary-ñ€";

  private final String oldKey = Keyring.newKey();
  private final String newKey = Keyring.newKey();

  @Test
  void whatIsSealedIsOpenedAtItsPlaceAlone() {
    Keyring keys = Keyring.parse(oldKey);

    String sealed = keys.seal(PLACE, TEXT);

    assertThat(sealed).matches("v1:[0-9a-f]{8}:[A-Za-z0-9_-]{16}:[A-Za-z0-9_-]+");
    assertThat(keys.open(PLACE, sealed)).contains(TEXT);
    assertThat(keys.seal(PLACE, TEXT)).as("another nonce").isNotEqualTo(sealed);
    for (SealedPlace other :
        List.of(
            new SealedPlace("applications", "access_token", OWNER),
            new SealedPlace("accounts", "crm_token", OWNER),
            new SealedPlace("accounts", "access_token", UUID.randomUUID()))) {
      assertThat(keys.open(other, sealed)).as(other.toString()).isEmpty();
    }
  }

  @Test
  void whatWasChangedDoesNotOpen() {
    Keyring keys = Keyring.parse(oldKey);
    String sealed = keys.seal(PLACE, TEXT);

    for (int i = 0; i < sealed.length(); i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertThat(keys.open(PLACE, changed).filter(TEXT::equals).isPresent())
          .as(changed)
          // The last character of base64 holds bits that stand for nothing.
          .isEqualTo(i == sealed.length() - 1 && keys.open(PLACE, changed).isPresent());
    }
    for (String none : List.of("", "v1", "v1:a:b", "v1:::", "v2:x:y:z", TEXT, sealed + ":")) {
      assertThat(keys.open(PLACE, none)).as(none).isEmpty();
    }
    assertThat(keys.open(PLACE, sealed.substring(0, sealed.length() - 4))).isEmpty();
  }

  @Test
  void theFirstKeySealsAndEachOpens() {
    Keyring before = Keyring.parse(oldKey);
    Keyring both = Keyring.parse(newKey + " , " + oldKey);
    Keyring after = Keyring.parse(newKey);
    String old = before.seal(PLACE, TEXT);
    String fresh = both.seal(PLACE, TEXT);

    assertThat(both.open(PLACE, old)).contains(TEXT);
    assertThat(both.isOfFirst(old)).isFalse();
    assertThat(both.isOfFirst(fresh)).isTrue();
    assertThat(after.open(PLACE, fresh)).contains(TEXT);
    assertThat(after.open(PLACE, old)).isEmpty();
    assertThat(before.open(PLACE, fresh)).isEmpty();
    assertThat(Keyring.EMPTY.open(PLACE, old)).isEmpty();
    assertThatThrownBy(() -> Keyring.EMPTY.seal(PLACE, TEXT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining(TEXT);
  }

  @Test
  void whatIsNoListOfKeysIsRefusedWithoutShowingIt() {
    String shorter = oldKey.substring(8);
    for (String wrong : List.of(shorter, "hunter2", oldKey + ",", oldKey + ",hunter2", "ñ")) {
      assertThatThrownBy(() -> Keyring.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not 32 bytes in base64")
          .hasMessageNotContaining("hunter2")
          .hasMessageNotContaining(shorter);
    }
    assertThat(Keyring.parse(" ").isEmpty()).isTrue();
    assertThat(Keyring.parse(oldKey)).hasToString("1 keys");
  }
}
