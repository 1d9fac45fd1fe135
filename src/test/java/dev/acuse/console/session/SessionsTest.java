package dev.acuse.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

class SessionsTest {
  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final ManualClock clock = ManualClock.create();
  private final ConsoleUsers users =
      ConsoleUsers.parse("ana:operator:" + new BCryptPasswordEncoder(4).encode("password"));

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5, 480})
  void aSessionLastsItsIdleTimeFromEachUseHoweverTheUsesFall(long idleMinutes) {
    Sessions sessions = sessions(idleMinutes);
    long idle = idleMinutes * 60;
    String token = sessions.begin(users.find("ana").orElseThrow());

    for (long gap : new long[] {1, idle - 1, 2, idle - 1, idle / 2, idle - 1, 0, idle - 1}) {
      clock.advance(Duration.ofSeconds(gap));
      assertThat(sessions.find(token)).as("after %d s", gap).isPresent();
    }
    // Another login forgets sessions that have ended, and no other.
    clock.advance(Duration.ofSeconds(idle - 1));
    sessions.begin(users.find("ana").orElseThrow());
    assertThat(sessions.find(token)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5, 480})
  void aSessionThatNobodyUsesEnds(long idleMinutes) {
    Sessions sessions = sessions(idleMinutes);
    String token = sessions.begin(users.find("ana").orElseThrow());

    clock.advance(Duration.ofMinutes(idleMinutes).plusSeconds(61));
    assertThat(sessions.find(token)).isEmpty();
  }

  private Sessions sessions(long idleMinutes) {
    return new Sessions(
        database.jdbi(), clock, users, Duration.ofMinutes(idleMinutes), Duration.ofDays(30));
  }
}
