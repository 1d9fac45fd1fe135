package dev.acuse.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {
  private static final long MIB = 1024 * 1024;

  @TempDir Path folder;

  @Test
  void diskIsSyncedAndMeasuredAndLeftAsItWas() throws Exception {
    var found = new DiskCheck("disk.spool", folder, true).look();

    assertThat(found)
        .extracting(Finding::name)
        .startsWith("disk.spool")
        .endsWith("disk.spool-sync");
    assertThat(found.get(0).text()).matches("\\Q" + folder + "\\E has [\\d,.]+ MiB left.*");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void folderThatIsNotThereYetIsNotMade() throws Exception {
    Path missing = folder.resolve("missing");

    assertThat(new DiskCheck("disk.log", missing, false).look())
        .singleElement()
        .satisfies(one -> assertThat(one.text()).contains("is not there yet"));
    assertThat(missing).doesNotExist();
  }

  @Test
  void memoryThatIsTooLittleForTheHeapIsSaid() {
    assertThat(memory(512, 2048).level()).isEqualTo(Level.OK);
    assertThat(memory(480, 512).level()).isEqualTo(Level.ADVICE);
    assertThat(memory(480, 512).text()).contains("-Xmx lower");
    assertThat(memory(64, 2048).text()).contains("-Xmx to 128m");
  }

  @Test
  void filesThatAreTooFewForAllConnectionsAreSaid() {
    assertThat(files(1024, 2200).level()).isEqualTo(Level.ADVICE);
    assertThat(files(1024, 2200).text()).contains("10 of 1024", "take 2200", "LimitNOFILE");
    assertThat(files(65_536, 2200).level()).isEqualTo(Level.OK);
    assertThat(files(Long.MAX_VALUE, 2200).text()).contains("does not limit");
  }

  private static Finding memory(long heap, long machine) {
    return new LimitsCheck(heap * MIB, machine * MIB, 1, 2, 1).look().get(0);
  }

  private static Finding files(long may, long should) {
    return new LimitsCheck(512 * MIB, 4096 * MIB, 10, may, should).look().get(1);
  }
}
