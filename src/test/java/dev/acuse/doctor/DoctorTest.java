package dev.acuse.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.process.SetupException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void allChecksLookThoughOneThrowsAndEachIsSaidInItsOrder() {
    var findings =
        new Doctor(
                List.of(
                    new Check("first", () -> List.of(Finding.ok("first", "fine"))),
                    new Check(
                        "second",
                        () -> {
                          throw new IllegalStateException("canary0secret");
                        }),
                    new Check(
                        "third",
                        () -> {
                          throw new SetupException("the key is wrong");
                        }),
                    new Check("fourth", () -> List.of(Finding.advice("fourth.a", "do")))),
                PATIENCE)
            .look();

    assertThat(findings)
        .containsExactly(
            Finding.ok("first", "fine"),
            Finding.wrong("second", "it cannot be told: IllegalStateException"),
            Finding.wrong("third", "it cannot be told: the key is wrong"),
            Finding.advice("fourth.a", "do"));
  }

  @Test
  void checkThatHangsIsGivenUpAndKeepsNoOtherFromLooking() {
    var never = new CountDownLatch(1);
    var hanging =
        new Check(
            "hanging",
            () -> {
              never.await();
              return List.of();
            });

    var findings =
        new Doctor(
                List.of(hanging, new Check("next", () -> List.of(Finding.ok("next", "fine")))),
                Duration.ofSeconds(2))
            .look();

    assertThat(findings)
        .containsExactly(
            Finding.wrong("hanging", "it did not come to an end within 2 s"),
            Finding.ok("next", "fine"));
  }

  @Test
  void reportIsTheSameAfterItWasWrittenAndRead() {
    var report =
        new Report(
            "1.0",
            true,
            List.of(
                Finding.ok("a", "\"fine\""),
                Finding.advice("b.c", "do"),
                Finding.wrong("d", "no")));

    assertThat(Report.read(report.json())).isEqualTo(report);
    assertThat(report.json())
        .isEqualTo(
            "{\"version\":\"1.0\",\"service\":true,\"worst\":\"wrong\",\"findings\":["
                + "{\"name\":\"a\",\"level\":\"ok\",\"text\":\"\\\"fine\\\"\"},"
                + "{\"name\":\"b.c\",\"level\":\"advice\",\"text\":\"do\"},"
                + "{\"name\":\"d\",\"level\":\"wrong\",\"text\":\"no\"}]}");
    assertThat(report.lines())
        .containsExactly(
            "ok      a    \"fine\"",
            "advice  b.c  do",
            "WRONG   d    no",
            "1 wrong, 1 advice, 1 ok");
  }

  @Test
  void whatIsNoReportIsRefused() {
    assertThatThrownBy(() -> Report.read("<html>")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Report.read("{}")).isInstanceOf(IllegalArgumentException.class);
  }
}
