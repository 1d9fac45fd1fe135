package dev.acuse.faults;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What of the fault run is quick enough for every build; the whole is {@code -Pfaults}. */
@Tag("slow")
class FaultsIT {
  @Test
  void aDozenFaultsInARowLoseNothing() throws SQLException {
    FaultTrial.run(Faults.dozen()).check();
  }
}
