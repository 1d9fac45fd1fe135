package dev.acuse.admin;

import dev.acuse.process.SetupException;
import java.net.URI;

/** No process listens where the admin port of this configuration is: no service runs here. */
public final class NoServiceException extends SetupException {
  private static final long serialVersionUID = 1L;

  NoServiceException(URI base, Throwable cause) {
    super("no service runs on this machine: nothing listens at " + base, cause);
  }
}
