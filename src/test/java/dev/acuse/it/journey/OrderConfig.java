package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The shipped configuration with the tags of {@link OrderOracle#TAGS}. */
final class OrderConfig {
  private static final String TAGS = "    approved: [pago_confirmado]\n";
  private static final String LEASE = "  lease: 60s\n";

  private OrderConfig() {}

  /** Writes it. What a killed process was comparing is soon taken over. */
  static Path write(Path folder) throws IOException {
    String shipped = Files.readString(Path.of("config.yml"));
    assertThat(shipped).contains(TAGS, LEASE);
    String tags =
        OrderOracle.TAGS.entrySet().stream()
            .map(tag -> "    %s: [%s]\n".formatted(tag.getKey(), tag.getValue()))
            .collect(Collectors.joining());
    return Files.writeString(
        folder.resolve("config.yml"), shipped.replace(TAGS, tags).replace(LEASE, "  lease: 3s\n"));
  }
}
