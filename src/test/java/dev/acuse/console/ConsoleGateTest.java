package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.acuse.api.OpenApiResource;
import jakarta.ws.rs.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleGateTest {
  @Path("/console/elsewhere")
  private static final class PageOfAnotherRoom {}

  @Path("console")
  private static final class WithoutASlash {}

  @Path("/consoles")
  private static final class AnotherWord {}

  /** Every class there is with a path below {@code /console}, in whatever package. */
  @Test
  void eachPageIsBehindTheGate() {
    List<Class<?>> pages =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.acuse")
                .stream()
                .filter(type -> type.isAnnotatedWith(Path.class))
                .filter(type -> type.getAnnotationOfType(Path.class).value().contains("console"))
                .<Class<?>>map(JavaClass::reflect)
                .toList();
    assertThat(pages).hasSizeGreaterThan(12).contains(LoginResource.class, StreamResource.class);
    assertThat(pages).allMatch(page -> ConsoleGate.guards(page) || page == AssetsResource.class);
  }

  @ParameterizedTest
  @ValueSource(classes = {PageOfAnotherRoom.class, WithoutASlash.class})
  void itsPackageDoesNotMatter(Class<?> page) {
    assertThat(ConsoleGate.guards(page)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(classes = {AnotherWord.class, AssetsResource.class, OpenApiResource.class})
  void whatIsNoPageIsLeftAlone(Class<?> resource) {
    assertThat(ConsoleGate.guards(resource)).isFalse();
  }
}
