package dev.acuse.bench;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Intake on the address that all accounts share: a thousand accounts, each of an application with a
 * secret of its own, against {@code main} alone. Two servers stand beside each other, and the
 * rounds take turns.
 */
final class AccountsBench {
  private static final String SECRET_OF_EACH = "bench-secret-of-seller-#";

  private AccountsBench() {}

  static void onPostgresql(BenchReport report) {
    try (BenchDatabase one = BenchDatabase.postgresql();
        BenchDatabase many = BenchDatabase.postgresql()) {
      measure(report, "PostgreSQL", one, many);
    }
  }

  static void onH2(BenchReport report) {
    try (BenchDatabase one = BenchDatabase.h2();
        BenchDatabase many = BenchDatabase.h2()) {
      measure(report, "H2", one, many);
    }
  }

  private static void measure(
      BenchReport report, String engine, BenchDatabase one, BenchDatabase many) {
    Map<String, String> settings =
        Map.of(
            "MP_COLLECTOR_ID", "1", "ACUSE_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    try (BenchServer ofOne = BenchServer.start(one.url(), one.user(), settings);
        BenchServer ofMany = BenchServer.start(many.url(), many.user(), settings)) {
      makeAccounts(ofMany);
      load(ofOne, BenchServer.SECRET, Rounds.WARM_UP_SECONDS);
      load(ofMany, SECRET_OF_EACH, Rounds.WARM_UP_SECONDS);
      List<LoadResult> alone = new ArrayList<>();
      List<LoadResult> together = new ArrayList<>();
      for (int round = 0; round < Rounds.COUNT; round++) {
        if (round % 2 == 0) {
          alone.add(load(ofOne, BenchServer.SECRET, Rounds.SECONDS));
        }
        together.add(load(ofMany, SECRET_OF_EACH, Rounds.SECONDS));
        if (round % 2 == 1) {
          alone.add(load(ofOne, BenchServer.SECRET, Rounds.SECONDS));
        }
      }
      if (many.isServer()) {
        Backlogs.check(
            0, Backlogs.count(many, "webhook_events WHERE account_id <= 1"), "of no such account");
      }
      report.ratio(
          "%s: intake of %d accounts on the shared address ÷ one account"
              .formatted(engine, SignedRequests.SELLERS),
          Figures.of(Rounds.medianRatio(together, alone, LoadResult::perSecond)),
          "–",
          "≥ 0.9");
      report.figure(
          "%s: intake of one account, and of %d, each with a secret of its own"
              .formatted(engine, SignedRequests.SELLERS),
          String.format(
              Locale.ROOT,
              "%.0f and %.0f requests/s",
              Rounds.median(alone, LoadResult::perSecond),
              Rounds.median(together, LoadResult::perSecond)));
    }
  }

  private static void makeAccounts(BenchServer server) {
    for (int i = 0; i < SignedRequests.SELLERS; i++) {
      server.make(
          "/api/applications",
          "{\"name\": \"app-%d\", \"webhook_secrets\": [\"%s\"]}"
              .formatted(i, SignedRequests.numbered(SECRET_OF_EACH, i)));
      server.make(
          "/api/accounts",
          "{\"name\": \"shop-%d\", \"application\": \"app-%d\", \"mp_user_id\": \"%d\"}"
              .formatted(i, i, SignedRequests.FIRST_SELLER + i));
    }
  }

  private static LoadResult load(BenchServer server, String secret, int seconds) {
    LoadResult result =
        IntakeBench.send(
            IntakeBench.plan(server.port(), "/webhooks/mp", 0, 1, seconds).withSecret(secret));
    Backlogs.check(0, result.refused(), "webhooks refused");
    return result;
  }
}
