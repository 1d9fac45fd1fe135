package dev.acuse.intake.spool;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.process.SetupException;
import dev.acuse.process.WritableFiles;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where webhooks wait while the database is out: {@code intake.spool} of {@code config.yml}. */
public final class SpoolConfiguration {

  @NotNull
  @Pattern(regexp = "on|off", message = "(ACUSE_SPOOL) must be on or off")
  @JsonProperty
  private String mode = "on";

  @NotNull @JsonProperty private String folder = "./data/spool";

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @JsonProperty
  private DataSize maxSize = DataSize.gibibytes(1);

  /** A spool in the working folder itself would look through files that are not its own. */
  @JsonIgnore
  @ValidationMethod(message = "folder (ACUSE_SPOOL_DIR) must name a folder")
  public boolean isFolderNamed() {
    return !folder.isBlank();
  }

  /** Whether webhooks are refused while the database is out. */
  @JsonIgnore
  public boolean isOff() {
    return mode.equals("off");
  }

  /** Where it is, absolute, also if it is off. */
  @JsonIgnore
  public Path place() {
    return Path.of(folder).toAbsolutePath().normalize();
  }

  /**
   * Opens the spool.
   *
   * @param onBroken told when its disk fails to sync
   * @return null if it is off
   * @throws SetupException if the folder cannot be used, or another process uses it
   */
  public @Nullable Spool open(Runnable onBroken) {
    if (isOff()) {
      return null;
    }
    try {
      return Spool.open(Path.of(folder), maxSize.toBytes(), onBroken);
    } catch (IOException e) {
      throw new SetupException(
          "intake.spool.folder (ACUSE_SPOOL_DIR) cannot be used: "
              + WritableFiles.reason(e)
              + ". Each instance needs a folder of its own; ACUSE_SPOOL=off does without.",
          e);
    }
  }
}
