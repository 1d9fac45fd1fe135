package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.faults.AccountsStage.Times;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thirty accounts under load, of which one is flooded with 500 webhooks a second, one has a
 * MercadoPago that answers after five seconds, and one a token that was revoked; two of the others
 * buy from each other. Each has what is its own and nothing of another's, and the twenty-seven have
 * it about as soon as without the three. The rounds are interleaved; {@code -Dfaults.rounds} and
 * {@code -Dfaults.seconds} say how many and how long.
 */
class AccountsFaultRun {
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 3);
  private static final int SECONDS = Integer.getInteger("faults.seconds", 30);
  private static final double GOAL = 1.2;

  /** What was measured without the three, and beside them. */
  private record Rounds(List<Times> alone, List<Times> beside) {
    double ratio(ToDoubleFunction<Times> figure) {
      return median(beside, figure) / median(alone, figure);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "answer p99 ×%.2f, mean time to effect ×%.2f, its p99 ×%.2f; alone %s, beside the three"
              + " %s",
          ratio(Times::answer),
          ratio(Times::mean),
          ratio(Times::p99),
          alone,
          beside);
    }

    private static double median(List<Times> rounds, ToDoubleFunction<Times> figure) {
      double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void eachHasItsOwnAndThreeBadOnesHoldUpNoOther(Site.Kind kind) throws Exception {
    Rounds rounds = run(kind, null, true);

    assertThat(rounds.ratio(Times::answer)).as("p99 of the answer: %s", rounds).isLessThan(GOAL);
    assertThat(rounds.ratio(Times::mean)).as("time to effect: %s", rounds).isLessThan(GOAL);
    assertThat(rounds.ratio(Times::p99)).as("p99 of that: %s", rounds).isLessThan(GOAL);
  }

  /** The control: with all look-ups in one lane the three hold the others up, and it is seen. */
  @Test
  void inOneLaneTheyDo() throws Exception {
    var oneLane =
        new BrokenSource(
            "Lane",
            "return new Lane(LaneKind.MERCADOPAGO.prefix() + accountId);",
            "return new Lane(LaneKind.MERCADOPAGO.prefix() + 1);");
    Path broken = BrokenSource.compile("ONE_LANE", List.of(oneLane));

    Rounds rounds = run(Site.Kind.POSTGRESQL, broken, false);

    assertThat(rounds.ratio(Times::mean)).as("%s", rounds).isGreaterThan(2 * GOAL);
  }

  private static Rounds run(Site.Kind kind, @Nullable Path broken, boolean isJudged)
      throws SQLException {
    Assumptions.assumeTrue(
        Pattern.compile(System.getProperty("faults.only", "")).matcher("accounts").find(),
        "not asked for");
    var rounds = new Rounds(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < ROUNDS; i++) {
      rounds.alone().add(round(kind, broken, false, isJudged));
      rounds.beside().add(round(kind, broken, true, isJudged));
      System.out.printf("accounts on %s%s: %s%n", kind, broken == null ? "" : ", one lane", rounds);
    }
    return rounds;
  }

  private static Times round(Site.Kind kind, @Nullable Path broken, boolean isBad, boolean isJudged)
      throws SQLException {
    try (var stage = new AccountsStage(kind, broken, isBad)) {
      Times times = stage.measure(SECONDS);
      System.out.printf("accounts on %s, %s: %s%n", kind, isBad ? "beside" : "alone", times);
      if (isBad) {
        assertThat(stage.sentTo(AccountsStage.FLOODED))
            .as("the flood is one")
            .isGreaterThan(SECONDS * 250L);
      }
      if (isJudged) {
        assertThat(stage.judge()).isEmpty();
      }
      return times;
    }
  }
}
