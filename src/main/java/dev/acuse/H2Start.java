package dev.acuse;

import dev.acuse.database.h2.H2Url;
import dev.acuse.recovery.BrokenMark;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import dev.acuse.recovery.H2Recovery;
import io.dropwizard.db.DataSourceFactory;
import java.time.Clock;

/**
 * What looks after an H2 file that may be broken.
 *
 * @param mark left by whatever finds it so while it is in use
 */
record H2Start(H2Files files, H2Recovery recovery, BrokenMark mark) {

  /** How the file is opened, by a configuration's settings. */
  static H2Access access(DataSourceFactory factory) {
    return new H2Access(
        factory.getUrl(), factory.getUser(), factory.getPassword(), factory.getProperties());
  }

  /**
   * @param onBroken told once, if the file is found broken while it is in use
   */
  static H2Start of(AcuseConfiguration config, Runnable onBroken) {
    DataSourceFactory factory = config.database();
    var files = new H2Files(H2Url.file(factory.getUrl()));
    H2Access access = access(factory);
    var recovery =
        new H2Recovery(files, access, Clock.systemUTC(), config.dispatch().maxAttempts());
    return new H2Start(files, recovery, new BrokenMark(files, onBroken));
  }
}
