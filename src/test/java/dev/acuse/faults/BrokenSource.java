package dev.acuse.faults;

import dev.acuse.support.AcuseProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A class of the product with a mistake in it.
 *
 * @param type simple name of the class; it is looked for, because classes move between packages
 * @param right what stands there, in any layout
 * @param wrong what is put in its place
 */
record BrokenSource(String type, String right, String wrong) {
  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "acuse");

  /**
   * Compiles broken classes; answers the folder that must stand first on the class path.
   *
   * @param name of what is broken; no two have the same
   */
  static Path compile(String name, List<BrokenSource> broken) {
    try {
      Path folder = Path.of("target", "faults", "sabotage", name).toAbsolutePath();
      Path classes = folder.resolve("classes");
      Files.createDirectories(classes);
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-proc:none",
                  "-nowarn",
                  "-cp",
                  AcuseProcess.CLASS_PATH,
                  "-d",
                  classes.toString()));
      for (BrokenSource one : broken) {
        arguments.add(one.write(folder.resolve("src")).toString());
      }
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (status != 0) {
        throw new IllegalStateException(name + " does not compile");
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path write(Path folder) throws IOException {
    Path file = file();
    String source = Files.readString(file);
    Matcher place = inAnyLayout(right).matcher(source);
    if (!place.find()) {
      throw new IllegalStateException("what is to be broken in " + type + " is not there");
    }
    Path copy = folder.resolve(file.getFileName());
    Files.createDirectories(folder);
    return Files.writeString(copy, place.replaceFirst(Matcher.quoteReplacement(wrong)));
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> found = files.filter(path -> path.endsWith(type + ".java")).toList();
      if (found.size() != 1) {
        throw new IllegalStateException("not one class is called " + type + ": " + found);
      }
      return found.get(0);
    }
  }

  private static Pattern inAnyLayout(String code) {
    return Pattern.compile(
        Arrays.stream(code.strip().split("\\s+"))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
  }
}
