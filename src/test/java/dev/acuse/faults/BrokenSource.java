package dev.acuse.faults;

import dev.acuse.support.AcuseProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * A class of the product with a mistake in it.
 *
 * @param file below {@code src/main/java/dev/acuse}
 * @param right what stands there, in any layout
 * @param wrong what is put in its place
 */
record BrokenSource(String file, String right, String wrong) {
  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "acuse");

  /** Compiles the broken class; answers the folder that must stand first on the class path. */
  Path compile(String name) {
    try {
      String source = Files.readString(SOURCES.resolve(file));
      Matcher place = inAnyLayout(right).matcher(source);
      if (!place.find()) {
        throw new IllegalStateException("what is to be broken in " + file + " is not there");
      }
      Path folder = Path.of("target", "faults", "sabotage", name).toAbsolutePath();
      Path broken = folder.resolve("src").resolve(Path.of(file).getFileName());
      Path classes = folder.resolve("classes");
      Files.createDirectories(broken.getParent());
      Files.createDirectories(classes);
      Files.writeString(broken, place.replaceFirst(Matcher.quoteReplacement(wrong)));
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, options(classes, broken).toArray(String[]::new));
      if (status != 0) {
        throw new IllegalStateException(file + " does not compile when it is broken");
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern inAnyLayout(String code) {
    return Pattern.compile(
        Arrays.stream(code.strip().split("\\s+"))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
  }

  private static List<String> options(Path classes, Path source) {
    return List.of(
        "-proc:none",
        "-nowarn",
        "-cp",
        AcuseProcess.CLASS_PATH,
        "-d",
        classes.toString(),
        source.toString());
  }
}
