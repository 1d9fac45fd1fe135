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
        FloodAttacks.hints(
            "S2 2,343 IPN of random ids in 8 s from one address", Site.Kind.H2, 256, 1),
        NameAttacks.attack(Site.Kind.H2, 256),
        EndlessAttacks.attack(Site.Kind.H2, 256),
        ConnectionAttacks.fewDescriptors(Site.Kind.H2, 256),
        FileDamage.cut());
  }

  /** For each protection the attack that is seen to succeed without it. */
  static List<Attack> controls() {
    return List.of(NameAttacks.attack(Site.Kind.H2, 256).without(Weakness.ANY_HOST));
  }
}
