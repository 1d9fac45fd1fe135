package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkouts of the same contacts that are judged at once, while their effects are carried out. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(300)
class EffectsAtOnceTest {
  private static final int CHECKOUTS = 6;
  private static final int STEPS = 30;

  private final EffectStage fixture;

  EffectsAtOnceTest(Engine engine) {
    fixture = new EffectStage(engine, false);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Reasons, tags and generations of two contacts are changed from all sides. */
  @Test
  void nothingWaitsInACircleAndEachEffectEndsAsItsReasonsSay() throws Exception {
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < CHECKOUTS; i++) {
      String name = String.valueOf(i);
      fixture.checkout("a" + name, "c" + i % 2);
      all.add(() -> judge(name, new Random(name.hashCode())));
    }
    all.add(this::carryOut);
    all.add(this::repair);

    PaymentFixture.together(all);

    assertThat(fixture.strings(MORE_THAN_ONE_OPEN)).isEmpty();
    fixture.workToTheEnd();
    assertThat(fixture.strings("SELECT DISTINCT state FROM effects")).containsExactly("done");
    assertThat(fixture.strings(NOT_AS_ITS_REASONS)).isEmpty();
    assertThat(fixture.strings("SELECT id FROM webhook_events WHERE status = 'pending'")).isEmpty();
    // The last step of each checkout was an approval.
    assertThat(fixture.crm().tagsOf("c0")).contains("pago_confirmado");
    assertThat(fixture.crm().tagsOf("c1")).contains("pago_confirmado");
    assertThat(
            fixture.strings(
                "SELECT target FROM effects WHERE name = 'pago_confirmado'"
                    + " AND wanted = 'present' AND done_generation = generation"))
        .containsExactlyInAnyOrder("c0", "c1");
  }

  private static final String MORE_THAN_ONE_OPEN =
      """
      SELECT effect_id FROM webhook_events WHERE status = 'pending' AND effect_id IS NOT NULL
      GROUP BY effect_id HAVING COUNT(*) > 1
      """;

  private static final String NOT_AS_ITS_REASONS =
      """
      SELECT e.id FROM effects e LEFT JOIN effect_reasons r ON r.effect_id = e.id
      GROUP BY e.id, e.wanted
      HAVING (e.wanted = 'present' AND COUNT(r.subject) = 0)
        OR (e.wanted <> 'present' AND COUNT(r.subject) > 0)
      """;

  private boolean judge(String name, Random random) {
    for (int step = 0; step < STEPS; step++) {
      boolean isLast = step == STEPS - 1;
      String status = isLast || random.nextBoolean() ? "approved" : "refunded";
      fixture.apply(payment("7" + name).reference("a" + name).status(status).at(step + 1));
    }
    return true;
  }

  private boolean carryOut() {
    for (int i = 0; i < STEPS; i++) {
      fixture.work();
    }
    return true;
  }

  private boolean repair() {
    for (int i = 0; i < STEPS; i++) {
      assertThat(fixture.repair.run()).as("no effect waits without an event").isZero();
    }
    return true;
  }
}
