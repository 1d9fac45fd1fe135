package dev.acuse.faults;

import dev.acuse.faults.Attack.Assault;
import dev.acuse.faults.Flood.Body;
import dev.acuse.faults.Flood.Plan;
import dev.acuse.support.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** S1: one address fills the heap with bodies, without credentials. */
final class MemoryAttacks {
  private static final int CONNECTIONS = 250;
  private static final int LARGE = 1 << 20;

  /** Just below what may be unverified. */
  private static final int SMALL = (16 << 10) - 200;

  private static final Duration SOME_TIME = Duration.ofSeconds(10);
  private static final Plan TWICE = new Plan(CONNECTIONS, 2, Duration.ofSeconds(30));
  private static final Plan ON_AND_ON = new Plan(CONNECTIONS, Integer.MAX_VALUE, SOME_TIME);

  private MemoryAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (Site.Kind site : List.of(Site.Kind.H2, Site.Kind.POSTGRESQL)) {
      for (int heap : List.of(256, 512)) {
        all.add(twice(site, heap));
      }
    }
    for (Site.Kind site : List.of(Site.Kind.H2, Site.Kind.POSTGRESQL)) {
      all.add(held(site));
      all.add(attack("the same, without a length", site, large(false, true, true)));
      all.add(attack("the same, with wrong signatures", site, large(true, false, true)));
      all.add(
          attack("the same, IPN ignored", site, large(false, false, true))
              .with("ACUSE_IPN", "ignore"));
      all.add(
          attack(
              "the same, bodies just below 16 KiB for 10 s",
              site,
              flood(new Body(SMALL, false, false, false), ON_AND_ON)));
    }
    return all;
  }

  /** As it was first seen. */
  static Attack twice(Site.Kind site, int heap) {
    return Attack.of(
            "S1 250 connections, each an unsigned IPN of 1 MiB, twice",
            site,
            Launch.asInProduction(heap),
            large(false, false, false))
        .asInProduction();
  }

  /** What a budget and a limit are there against. */
  static Attack held(Site.Kind site) {
    return attack("the same, the last byte of each held back", site, large(false, false, true));
  }

  private static Attack attack(String name, Site.Kind site, Assault assault) {
    return Attack.of("S1 " + name, site, Launch.asInProduction(256), assault).asInProduction();
  }

  private static Assault large(boolean isForged, boolean isChunked, boolean isHeld) {
    return flood(new Body(LARGE, isForged, isChunked, isHeld), TWICE);
  }

  private static Assault flood(Body body, Plan plan) {
    return siege -> siege.flood(body, plan, 1);
  }
}
