package dev.acuse.process;

import io.dropwizard.core.setup.Environment;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps private what libraries write while the service runs. A Java process cannot set its umask,
 * so H2's trace and logback's new and compressed logs are made readable, and are mended within
 * seconds; in a folder that Acuse made nobody reaches them even then.
 */
public final class FileGuard {
  private static final long EVERY_SECONDS = 2;

  private FileGuard() {}

  /** Looks now, and every two seconds until the service stops. */
  public static void install(Environment environment, List<OwnFiles> files) {
    files.forEach(OwnFiles::restrict);
    var unused =
        environment
            .lifecycle()
            .scheduledExecutorService("file-guard", true)
            .build()
            .scheduleWithFixedDelay(
                FatalErrors.guarding(() -> files.forEach(OwnFiles::restrict)),
                EVERY_SECONDS,
                EVERY_SECONDS,
                TimeUnit.SECONDS);
  }
}
