package dev.acuse.faults;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One attack of each kind, for {@code .ci/run}: {@code mvn verify -Pattacks}. */
class AttacksOnceRun {
  @TestFactory
  Stream<DynamicTest> aStrangerHarmsNothing() {
    return Attacks.oneOfEach().stream()
        .map(
            attack ->
                DynamicTest.dynamicTest(
                    attack.toString(), () -> AttackTrial.run(attack, Faults.SEED).checkHarm()));
  }
}
