package dev.acuse.faults;

import dev.acuse.support.Launch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** S7: the H2 file is broken, by whatever. */
final class FileDamage {
  private static final int PAGE = 4_096;
  private static final int PAGES = 8;

  private FileDamage() {}

  /** What is done to a file. */
  private interface Damage {
    void to(RandomAccessFile file, Random random) throws IOException;
  }

  static List<Attack> all() {
    return List.of(
        cut(),
        attack("S7 killed -9, eight pages of the H2 file overwritten", FileDamage::overwrite),
        beheaded(),
        attack("S7 killed -9, the H2 file empty", (file, random) -> file.setLength(0)));
  }

  static Attack cut() {
    return attack("S7 killed -9, the H2 file cut at any byte", FileDamage::cut);
  }

  /** No such file opens. */
  static Attack beheaded() {
    return attack("S7 killed -9, both heads of the H2 file overwritten", FileDamage::behead);
  }

  /** History and answers may be gone with the file; what was acknowledged may not. */
  private static Attack attack(String name, Damage damage) {
    return Attack.of(
            name,
            Site.Kind.H2,
            Launch.asInProduction(256),
            siege -> {
              load(siege);
              siege.supervisor().restart(() -> damage(siege, damage));
            })
        .disturbed();
  }

  private static void load(Siege siege) {
    try (Load load =
        Load.start(
            100,
            siege.stage().updatesOfPayments(),
            () -> notification -> Peer.number(78).send(siege.webhooks(), notification))) {
      Stage.during(Duration.ofSeconds(3));
      siege.genuine(
          load.stop(Path.of("target", "faults", "damage.journal"), Duration.ofSeconds(6)));
    }
  }

  private static void damage(Siege siege, Damage damage) {
    Path database = siege.stage().folder().resolve("acuse.mv.db");
    try (var file = new RandomAccessFile(database.toFile(), "rw")) {
      long before = file.length();
      damage.to(file, siege.random());
      siege.note("the file had", before + " bytes, then " + file.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void cut(RandomAccessFile file, Random random) throws IOException {
    file.setLength(random.nextLong(file.length()));
  }

  private static void overwrite(RandomAccessFile file, Random random) throws IOException {
    for (int i = 0; i < PAGES; i++) {
      byte[] garbage = new byte[PAGE];
      if (i % 2 == 0) {
        random.nextBytes(garbage);
      }
      file.seek(random.nextLong(file.length() / PAGE) * PAGE);
      file.write(garbage);
    }
  }

  private static void behead(RandomAccessFile file, Random random) throws IOException {
    byte[] garbage = new byte[2 * PAGE];
    random.nextBytes(garbage);
    file.write(garbage);
  }
}
