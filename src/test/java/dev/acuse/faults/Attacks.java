package dev.acuse.faults;

import java.util.List;
import java.util.stream.Stream;

/** The catalogue of attacks. */
final class Attacks {
  private Attacks() {}

  /** Every row. */
  static List<Attack> all() {
    return Stream.of(
            MemoryAttacks.all(),
            FloodAttacks.all(),
            NameAttacks.all(),
            EndlessAttacks.all(),
            ConnectionAttacks.all(),
            FileDamage.all())
        .flatMap(List::stream)
        .toList();
  }

  /** One of each, for every build by CI. */
  static List<Attack> oneOfEach() {
    return List.of(
        MemoryAttacks.held(Site.Kind.H2),
        MemoryAttacks.twice(Site.Kind.POSTGRESQL, 256),
        hints(),
        NameAttacks.attack(Site.Kind.H2, 256),
        EndlessAttacks.attack(Site.Kind.H2, 256),
        ConnectionAttacks.fewDescriptors(Site.Kind.H2, 256),
        FileDamage.cut());
  }

  private static Attack hints() {
    return FloodAttacks.hints(
        "S2 2,343 IPN of random ids in 8 s from one address", Site.Kind.H2, 256, 1);
  }

  /** For each protection the attack that is seen to succeed without it. */
  static List<Attack> controls() {
    Attack bodies = MemoryAttacks.held(Site.Kind.H2);
    return List.of(
        bodies
            .withoutBy("a budget and a limit for what is unverified", "ACUSE_INTAKE_MEMORY", "75%")
            .with("ACUSE_MAX_UNVERIFIED_BODY", "1MiB"),
        hints().without(Weakness.ONE_SENDER),
        NameAttacks.attack(Site.Kind.H2, 256).without(Weakness.ANY_HOST),
        EndlessAttacks.attack(Site.Kind.H2, 256).without(Weakness.ENDLESS_HEADS),
        ConnectionAttacks.fewDescriptors(Site.Kind.H2, 256).without(Weakness.ANY_NUMBER),
        FileDamage.beheaded().without(Weakness.NO_REBUILDING));
  }
}
