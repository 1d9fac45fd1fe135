package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference/jar.md} says which libraries are in the jar and how large each is. {@code
 * mvn verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=JarReferenceIT
 * -Djar.write=true} writes it anew.
 */
class JarReferenceIT {
  private static final Path PAGE = Path.of("docs", "reference", "jar.md");
  private static final String BEGIN = "<!-- written by JarReferenceIT -->\n";
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` ");
  private static final Pattern VERSION = Pattern.compile("-[0-9][^/]*\\.jar$");

  private record Part(String name, int files, long bytes) {
    String row() {
      return "| `%s` | %d | %d |%n".formatted(name, files, (bytes + 500) / 1000);
    }
  }

  @Test
  void thePageNamesEachLibraryThatIsInTheJar() throws Exception {
    Path jar = Path.of(System.getProperty("acuse.jar", "target/acuse.jar"));
    List<Part> parts = parts(jar);
    if (Boolean.getBoolean("jar.write")) {
      write(parts, Files.size(jar));
    }

    var named = new TreeSet<String>();
    ROW.matcher(Files.readString(PAGE)).results().forEach(row -> named.add(row.group(1)));
    assertThat(named).isEqualTo(new TreeSet<>(parts.stream().map(Part::name).toList()));
  }

  @Test
  void whatNothingLoadsIsNotInTheJar() throws Exception {
    try (var jar = new ZipFile(System.getProperty("acuse.jar", "target/acuse.jar"))) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .contains(
              "www.liquibase.org/xml/ns/dbchangelog/dbchangelog-4.33.xsd",
              "com/sun/jna/linux-x86-64/libjnidispatch.so")
          .noneMatch(
              name ->
                  name.matches(
                      "com/sun/jna/(win32|aix|sunos)-.+|org/h2/server/web/.+"
                          + "|META-INF/maven/.+/pom[.]xml|org/checkerframework/.+|freemarker/ext/jsp/.+|.*/jakartaee_.*xsd"));
    }
  }

  /** The compressed bytes of each library's files, the largest first; the rest is our own. */
  private static List<Part> parts(Path jar) throws IOException {
    Map<String, Long> left = new HashMap<>();
    try (var whole = new ZipFile(jar.toFile())) {
      whole.stream()
          .filter(entry -> !entry.isDirectory())
          .forEach(entry -> left.put(entry.getName(), entry.getCompressedSize()));
    }
    List<Part> parts = new ArrayList<>();
    long own = 0;
    int files = 0;
    for (String name : List.copyOf(left.keySet())) {
      if (name.startsWith("dev/acuse/")
          || name.startsWith("console/")
          || name.startsWith("migrations")) {
        own += left.remove(name);
        files++;
      }
    }
    parts.add(new Part("acuse", files, own));
    for (String library : libraries()) {
      part(library, left, parts);
    }
    parts.sort(Comparator.comparingLong(Part::bytes).reversed());
    return parts;
  }

  private static List<String> libraries() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return List.of(path.split(File.pathSeparator)).stream()
        .filter(file -> file.endsWith(".jar"))
        .toList();
  }

  private static void part(String library, Map<String, Long> left, List<Part> parts)
      throws IOException {
    try (var one = new ZipFile(library)) {
      List<String> here =
          one.stream().map(ZipEntry::getName).filter(left::containsKey).distinct().toList();
      // A library for tests has files of general names, as META-INF/services, but no class.
      if (here.stream().anyMatch(name -> name.endsWith(".class"))) {
        long bytes = here.stream().mapToLong(left::remove).sum();
        String name = VERSION.matcher(Path.of(library).getFileName().toString()).replaceFirst("");
        parts.add(new Part(name, here.size(), bytes));
      }
    }
  }

  private static void write(List<Part> parts, long size) throws IOException {
    String page = Files.readString(PAGE);
    var table = new StringBuilder(page.substring(0, page.indexOf(BEGIN) + BEGIN.length()));
    table.append(
        "%n%d libraries and Acuse itself; the whole is %.1f MB, of which a tenth is the list of its files.%n%n"
            .formatted(parts.size() - 1, size / 1e6));
    table.append("| part | files | kB |\n|---|---|---|\n");
    parts.forEach(part -> table.append(part.row()));
    Files.writeString(PAGE, table);
  }
}
