package dev.acuse;

import dev.acuse.process.ClassArchive;
import dev.acuse.process.SetupException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code archive --to FILE config.yml}: makes the archive of classes by which a start takes a part
 * of its time. What it observes is {@link TrainingCommand}, in a process of its own.
 */
final class ArchiveCommand extends Command {
  /** The first start on a database migrates it; the sandbox trains the service, and has clients. */
  private static final List<String> NOT_OF_A_START =
      List.of("liquibase/", "dev/acuse/sandbox/", "java/net/http/", "jdk/internal/net/http/");

  /** As the script that starts Acuse names them. */
  private static final Pattern VERSIONED = Pattern.compile("classes-[0-9a-f]+\\.jsa(\\.failed)?");

  private final PrintStream out;

  ArchiveCommand(PrintStream out) {
    super("archive", "Makes an archive of classes, with which the service starts sooner");
    this.out = out;
  }

  @Override
  public void configure(Subparser subparser) {
    subparser
        .addArgument("--to")
        .required(true)
        .help("the archive; a start uses it with -XX:SharedArchiveFile=FILE");
    subparser
        .addArgument("file")
        .nargs("?")
        .help("the configuration; its database and its tokens are not used");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace)
      throws IOException, InterruptedException {
    Path file = Path.of(namespace.getString("to"));
    List<String> training = new ArrayList<>(List.of(TrainingCommand.NAME));
    if (namespace.getString("file") != null) {
      training.add(namespace.getString("file"));
    }
    // Beside the file, because there may be no other place that can be written.
    Path folder = ClassArchive.workFolder(file);
    try {
      new ClassArchive(
              Path.of(System.getProperty("java.home"), "bin", "java"),
              jar(),
              options(),
              NOT_OF_A_START)
          .make(file, training, TrainingCommand.environment(folder));
    } finally {
      TrainingCommand.delete(folder);
    }
    deleteOthers(file);
    out.println(
        "%s is there, with %d MB; it fits this Java and this jar"
            .formatted(file, Files.size(file) >> 20));
  }

  /** Those of other versions have a name of the same form, and are of no more use. */
  private static void deleteOthers(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !VERSIONED.matcher(file.getFileName().toString()).matches()) {
      return;
    }
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(
            folder, other -> VERSIONED.matcher(other.getFileName().toString()).matches())) {
      for (Path other : all) {
        if (!other.getFileName().equals(file.getFileName())) {
          Files.deleteIfExists(other);
        }
      }
    }
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".failed"));
  }

  private static Path jar() {
    try {
      Path jar =
          Path.of(ArchiveCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(jar)) {
        return jar;
      }
    } catch (URISyntaxException e) {
      // Then it is none either.
    }
    throw new SetupException("an archive is made of a jar: package one, and run it by java -jar");
  }

  /** Those of this process, because an archive fits a collector; but for what names an archive. */
  private static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option -> !option.startsWith("-XX:SharedArchiveFile") && !option.startsWith("-Xshare"))
        .toList();
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
