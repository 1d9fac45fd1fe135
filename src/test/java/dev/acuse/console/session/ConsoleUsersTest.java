package dev.acuse.console.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.access.AccessRole;
import dev.acuse.console.session.ConsoleUsers.User;
import dev.acuse.event.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

class ConsoleUsersTest {
  private final String cheap = hash(4, "cheap");
  private final String dear = hash(9, "dear");
  private final ConsoleUsers users =
      ConsoleUsers.parse("ana:operator:" + cheap + ",ben:viewer:" + dear);

  @Test
  void theRightPasswordIsTakenAndNoOtherWhateverTheCostOfItsHash() {
    assertThat(users.authenticate("ana", "cheap")).map(User::name).hasValue("ana");
    assertThat(users.authenticate("ben", "dear")).map(User::name).hasValue("ben");
    assertThat(users.authenticate("ana", "dear")).isEmpty();
    assertThat(users.authenticate("ben", "")).isEmpty();
    assertThat(users.authenticate("nobody", "padding")).isEmpty();
    assertThat(users.authenticate("", "nobody")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 8, 9})
  void eachNameIsAsMuchWorkAsTheDearestHash(int cost) {
    int work = (1 << cost) + users.padding(cost).map(padding -> 1 << padding).sum();

    assertThat(work).isEqualTo(1 << 9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "03", "17", "31", "39"})
  void aCostThatNoHashCanHaveOrNobodyWaitsForIsRefused(String cost) {
    String text = "ana:operator:$2a$" + cost + cheap.substring(6);

    assertThatThrownBy(() -> ConsoleUsers.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDeviceIsKnownToItsUserUntilThePasswordChanges() {
    User ana = users.find("ana").orElseThrow();
    String cookie = KnownDevice.grant(ana);

    assertThat(KnownDevice.of(ana, cookie)).isEqualTo(cookie.substring(0, 43));
    assertThat(KnownDevice.of(users.find("ben").orElseThrow(), cookie)).isNull();
    assertThat(
            KnownDevice.of(
                new User("ana", AccessRole.ADMIN, Scope.everything(), dear, dear), cookie))
        .isNull();
    assertThat(KnownDevice.of(null, cookie)).isNull();
    assertThat(KnownDevice.of(ana, null)).isNull();
    assertThat(KnownDevice.of(ana, "x" + cookie.substring(1))).isNull();
    assertThat(KnownDevice.of(ana, cookie.substring(0, 44))).isNull();
    assertThat(KnownDevice.grant(ana)).isNotEqualTo(cookie);
  }

  private static String hash(int cost, String password) {
    return new BCryptPasswordEncoder(cost).encode(password);
  }
}
