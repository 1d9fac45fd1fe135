package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.acuse.mercadopago.MercadoPagoConfiguration.Ipn;
import dev.acuse.text.Secret;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.MessageFormatter;

/** The shipped {@code config.yml}, and what becomes of wrong values in it. */
class ConfigurationTest {
  private static final String CANARY = "canary0secret";

  /** 32 bytes in base64. */
  private static final String CANARY_KEY = CANARY + "A".repeat(30) + "=";

  private static final Map<String, String> SECRETS =
      Map.of(
          "DATABASE_PASSWORD",
          CANARY,
          "MP_ACCESS_TOKEN",
          "APP_USR-" + CANARY,
          "MP_WEBHOOK_SECRET",
          CANARY + "1," + CANARY + "2",
          "GHL_TOKEN",
          "pit-" + CANARY,
          "ACUSE_KEY",
          CANARY_KEY,
          "ACUSE_API_TOKEN",
          CANARY,
          "ACUSE_ADMIN_TOKEN",
          CANARY,
          "ACUSE_ALERT_WEBHOOK",
          "https://hooks.example.test/" + CANARY);

  @Test
  void theShippedFileNeedsNoEnvironment() throws Exception {
    AcuseConfiguration config = parse(shipped(), Map.of());

    assertThat(config.database().getUrl()).startsWith("jdbc:h2:file:./data/acuse;");
    assertThat(config.migratesOnStart()).isTrue();
    assertThat(config.dispatch().retryDelays())
        .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));
    assertThat(config.dispatch().maxAttempts()).isEqualTo(4);
    assertThat(config.dispatch().outagePatience()).isEqualTo(Duration.ofDays(3));
    assertThat(config.dispatch().lease()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.intake().maxBodyBytes()).isEqualTo(1 << 20);
    assertThat(config.mercadoPago().ipn()).isEqualTo(Ipn.HINT);
    assertThat(config.mercadoPago().accessToken().isSet()).isFalse();
    assertThat(config.payment().tagRules().tagsFor("approved")).containsExactly("pago_confirmado");
    assertThat(config.api().token().isSet()).isFalse();
    assertThat(config.adminPort().token().isSet()).isFalse();
  }

  @Test
  void aKeyThatIsNoneIsNamedAndNotShown() throws Exception {
    for (String wrong : List.of(CANARY, CANARY_KEY + ",", CANARY_KEY + "," + CANARY)) {
      Throwable failure = catchThrowable(() -> parse(shipped(), Map.of("ACUSE_KEY", wrong)));

      assertThat(printed(failure)).contains("accounts.key", "ACUSE_KEY").doesNotContain(CANARY);
    }
    assertThat(parse(shipped(), Map.of("ACUSE_KEY", CANARY_KEY)).accounts().key().isSet()).isTrue();
  }

  @Test
  void theAdminPortIsBoundToThisMachineUnlessToldOtherwise() throws Exception {
    var server = (DefaultServerFactory) parse(shipped(), Map.of()).getServerFactory();

    assertThat(server.getAdminConnectors())
        .singleElement()
        .extracting(connector -> ((HttpConnectorFactory) connector).getBindHost())
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.7", "::"})
  void anAdminPortForOtherMachinesNeedsAToken(String host) throws Exception {
    assertThatThrownBy(() -> parse(shipped(), Map.of("ADMIN_HOST", host)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ACUSE_ADMIN_TOKEN");

    assertThat(parse(shipped(), Map.of("ADMIN_HOST", host, "ACUSE_ADMIN_TOKEN", "t"))).isNotNull();
  }

  @Test
  void adminPagesOnThePortOfTheApplicationNeedAToken() throws Exception {
    String file =
        shipped()
            .replaceFirst(
                "(?s)\n  applicationConnectors:.*?\n  # Off: a compressed",
                "\n  type: simple\n  connector:\n    type: http\n  # Off: a compressed");

    assertThatThrownBy(() -> parse(file, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ACUSE_ADMIN_TOKEN");

    assertThat(parse(file, Map.of("ACUSE_ADMIN_TOKEN", "t")).getServerFactory())
        .isInstanceOf(SimpleServerFactory.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "ACUSE_RETRY_DELAYS     | ''                     | retryDelays",
        "ACUSE_RETRY_DELAYS     | 1m,,5m                 | retryDelays",
        "ACUSE_RETRY_DELAYS     | soon                   | retryDelays",
        "ACUSE_RETRY_DELAYS     | 1 parsec               | retryDelays",
        "ACUSE_RETRY_DELAYS     | -1m                    | retryDelays",
        "ACUSE_WORKERS          | 0                      | dispatch.workers",
        "ACUSE_WORKERS          | many                   | dispatch.workers",
        "ACUSE_MAX_ATTEMPTS     | -1                     | dispatch.maxAttempts",
        "ACUSE_LEASE            | 10ms                   | dispatch.lease",
        "ACUSE_OUTAGE_PATIENCE  | forever                | dispatch.outagePatience",
        "ACUSE_MAX_BODY         | 2MiB                   | intake.maxBodySize",
        "ACUSE_MAX_BODY         | large                  | intake.maxBodySize",
        "ACUSE_MIGRATE_ON_START | perhaps                | migrateOnStart",
        "ACUSE_IPN              | maybe                  | mercadoPago.ipn",
        "MP_BASE_URL            | ftp://example.test     | mercadoPago.baseUrl",
        "MP_COLLECTOR_ID        | abc                    | mercadoPago.collectorId",
        "GHL_BASE_URL           | example.test           | goHighLevel.baseUrl",
        "PORT                   | http                   | server.applicationConnectors",
        "ADMIN_PORT             | http                   | server.adminConnectors",
        "DATABASE_POOL          | some                   | database.maxSize",
        "DATABASE_URL           | ''                     | DATABASE_URL",
        "DATABASE_POOL          | 0                      | database.maxSize",
        "DATABASE_URL           | jdbc:mysql://db/acuse  | DATABASE_URL",
        "DATABASE_URL           | jdbc:h2:file:./data/a  | WRITE_DELAY must be 0",
        "DATABASE_URL           | jdbc:postgresql://u:canary0secret@h/db | must not name a user",
        "DATABASE_URL           | jdbc:postgresql://h:x/db?password=canary0secret | the port",
        "DATABASE_URL           | jdbc:postgresql://h/db?password=canary0secret%  | of password",
        "DATABASE_URL           | postgres://u:canary0secret@h/db | DATABASE_URL",
        "DATABASE_URL           | jdbc:h2:file:./a;WRITE_DELAY=0 | MODE must be PostgreSQL",
      })
  void aWrongVariableStopsTheStartWithAMessageThatNamesItsKeyAndNoSecret(
      String variable, String value, String key) {
    Map<String, String> environment = new HashMap<>(SECRETS);
    environment.put(variable, value);

    Throwable failure = catchThrowable(() -> parse(shipped(), environment));

    assertThat(failure).isInstanceOf(ConfigurationException.class).hasMessageContaining(key);
    assertThat(printed(failure)).doesNotContain(CANARY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mem:a;WRITE_DELAY=0;MODE=PostgreSQL                  | mem: is not a file",
        "nioMemFS:./a;WRITE_DELAY=0;MODE=PostgreSQL           | nioMemFS: is not a file",
        "file:nioMapped:./a;WRITE_DELAY=0;MODE=PostgreSQL     | nioMapped: is not a file",
        "async:./a;WRITE_DELAY=0;MODE=PostgreSQL              | async: is not a file",
        "zip:./a.zip!/a;WRITE_DELAY=0;MODE=PostgreSQL         | zip: is not a file",
        "tcp://db/a;WRITE_DELAY=0;MODE=PostgreSQL             | tcp: is not a file",
        ";WRITE_DELAY=0;MODE=PostgreSQL                       | names no file",
        "./a;WRITE_DELAY=500;MODE=PostgreSQL                  | WRITE_DELAY must be 0",
        "./a;WRITE_DELAY=0500;MODE=PostgreSQL                 | WRITE_DELAY must be 0",
        "./a;write_delay=10;MODE=PostgreSQL                   | WRITE_DELAY must be 0",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;WRITE_DELAY=9      | WRITE_DELAY must be 0",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;FILE_LOCK=NO       | FILE_LOCK must not",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;RETENTION_TIME=0   | RETENTION_TIME must not",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;LOCK_MODE=0        | LOCK_MODE must not",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;REUSE_SPACE=FALSE  | REUSE_SPACE must not",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;ACCESS_MODE_DATA=r | ACCESS_MODE_DATA must be rw",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;AUTO_SERVER=TRUE   | AUTO_SERVER must be off",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;QUERY_TIMEOUT=9    | QUERY_TIMEOUT must be 0",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;INIT=SET X         | INIT must not",
        "./a;WRITE_DELAY=0;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE | DATABASE_TO_LOWER is not known",
        "./a;WRITE_DELAY=0;MODE=Regular                       | MODE must be PostgreSQL",
      })
  void anH2UrlThatWouldLoseWebhooksStopsTheStartWithAMessageThatNamesTheSetting(
      String url, String named) {
    Throwable failure =
        catchThrowable(
            () ->
                parse(shipped(), Map.of("DATABASE_URL", "jdbc:h2:" + url + ";PASSWORD=" + CANARY)));

    assertThat(failure).isInstanceOf(ConfigurationException.class).hasMessageContaining(named);
    assertThat(printed(failure)).contains("DATABASE_URL").doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:./a;WRITE_DELAY=0;MODE=PostgreSQL",
        "~/a;mode=postgresql;write_delay=0;",
        "C:/data/a;MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;CACHE_SIZE=65536",
        "/var/lib/a;MODE=PostgreSQL;WRITE_DELAY=0;CIPHER=AES;FILE_LOCK=FS;TIME ZONE=UTC",
      })
  void anH2FileWithHarmlessSettingsIsTaken(String url) throws Exception {
    assertThat(parse(shipped(), Map.of("DATABASE_URL", "jdbc:h2:" + url)).isH2()).isTrue();
  }

  @Test
  void whatTheAddressHoldsBesideItsPlaceWinsAndIsNotShown() throws Exception {
    AcuseConfiguration config =
        parse(
            shipped(),
            Map.of(
                "DATABASE_URL",
                "jdbc:postgresql://h/db?password=" + CANARY + "&user=joe&sslmode=require",
                "DATABASE_PASSWORD",
                "other"));

    assertThat(config.database().getUrl()).isEqualTo("jdbc:postgresql://h/db");
    assertThat(config.database().getUser()).isEqualTo("joe");
    assertThat(config.database().getPassword()).isEqualTo(CANARY);
    assertThat(config.database().getProperties()).containsEntry("sslmode", "require");
  }

  @Test
  void aPropertyOfTheDriverIsJudgedAsASettingInTheUrl() throws Exception {
    String yaml =
        shipped().replace("  minSize: 2", "  properties: {FILE_LOCK: \"NO\"}\n  minSize: 2");

    assertThatThrownBy(() -> parse(yaml, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("FILE_LOCK must not");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'  workers: '                   | '  wrkers: '           | wrkers",
        "'approved: [pago_confirmado]'   | 'approved: [\" \"]'    | payment.tags",
        "'approved: [pago_confirmado]'   | 'approved: pagado'     | payment.tags",
        "'approved: [pago_confirmado]'   | '\" \": [pagado]'      | payment.tags",
        "'ACUSE_RETENTION_EFFECTS:-7d'   | 'ACUSE_RETENTION_EFFECTS:-10m' | effects",
        "'quarantineMaxEvents: 10000'    | 'quarantineMaxEvents: 0' | intake.quarantineMaxEvents",
        "'GHL_REQUESTS_PER_10S:-80'      | 'GHL_REQUESTS_PER_10S:-101' | goHighLevel.requestsPer10Seconds",
        "'intake:'                       | 'intakes:'             | intakes",
        "'ACUSE_FIND_CONTACT_BY_EMAIL:-false' | 'ACUSE_FIND_CONTACT_BY_EMAIL:-true' | GHL_LOCATION_ID",
        "'database:' | 'database:\n  autoCommitByDefault: false' | autoCommitByDefault",
      })
  void aWrongLineStopsTheStartWithAMessageThatNamesItsKeyAndNoSecret(
      String line, String wrong, String key) throws Exception {
    assertThat(shipped()).contains(line);
    String yaml = shipped().replace(line, wrong);

    Throwable failure = catchThrowable(() -> parse(yaml, SECRETS));

    assertThat(failure).isInstanceOf(ConfigurationException.class).hasMessageContaining(key);
    assertThat(printed(failure)).doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\\", "\\x", "'", "\n", "\": {", "# no comment", "${HOME}"})
  void aSecretMayHoldWhatMeansSomethingInYaml(String special) throws Exception {
    String secret = CANARY + special + "end";

    AcuseConfiguration config =
        parse(shipped(), Map.of("DATABASE_PASSWORD", secret, "MP_WEBHOOK_SECRET", secret));

    assertThat(config.database().getPassword()).isEqualTo(secret);
    assertThat(config.mercadoPago().credentials().webhookSecrets())
        .containsExactly(Secret.of(secret));
  }

  @ParameterizedTest
  @CsvSource({"MP_ACCESS_TOKEN", "GHL_TOKEN", "ACUSE_API_TOKEN"})
  void aTokenThatNoHeaderCanCarryStopsTheStartAndIsNotRepeated(String variable) {
    Throwable failure =
        catchThrowable(() -> parse(shipped(), Map.of(variable, CANARY + " \" \\ ñ")));

    assertThat(failure)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageMatching("(?is).*token.*");
    assertThat(printed(failure)).doesNotContain(CANARY);
  }

  @Test
  void noConfigurationObjectPrintsASecret() throws Exception {
    AcuseConfiguration config = parse(shipped(), SECRETS);
    List<Object> all =
        Arrays.asList(
            config,
            config.database(),
            config.intake(),
            config.dispatch(),
            config.mercadoPago(),
            config.mercadoPago().credentials(),
            config.goHighLevel(),
            config.payment(),
            config.reconciliation(),
            config.api(),
            config.console(),
            config.adminPort(),
            config.alerts(),
            config.retention(),
            config.getServerFactory(),
            config.getLoggingFactory());

    assertThat(config.adminPort().token().reveal()).as("the canaries are in").isEqualTo(CANARY);
    assertThat(all)
        .allSatisfy(
            part -> {
              assertThat(part.toString()).doesNotContain(CANARY);
              assertThat(MessageFormatter.format("{}", part).getMessage()).doesNotContain(CANARY);
            });
  }

  @Test
  void aVariableWithoutDefaultThatIsMissingStopsTheStart(@TempDir Path folder) throws Exception {
    Bootstrap<AcuseConfiguration> bootstrap = bootstrap();
    Path file = folder.resolve("config.yml");
    Files.writeString(
        file, shipped().replace("${ACUSE_WORKERS:-8}", "${ACUSE_TEST_NOBODY_SETS_THIS}"));

    assertThatThrownBy(
            () ->
                bootstrap
                    .getConfigurationFactoryFactory()
                    .create(
                        AcuseConfiguration.class,
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw")
                    .build(bootstrap.getConfigurationSourceProvider(), file.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ACUSE_TEST_NOBODY_SETS_THIS");
  }

  static String shipped() throws Exception {
    return Files.readString(Path.of("config.yml"));
  }

  /** As the service reads it, with an environment of the test's own. */
  static AcuseConfiguration parse(String yaml, Map<String, String> environment) throws Exception {
    Bootstrap<AcuseConfiguration> bootstrap = bootstrap();
    var source =
        new SubstitutingSourceProvider(
            path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
            new YamlEnvironment(environment::get));
    return bootstrap
        .getConfigurationFactoryFactory()
        .create(
            AcuseConfiguration.class,
            bootstrap.getValidatorFactory().getValidator(),
            bootstrap.getObjectMapper(),
            "no-system-property")
        .build(source, "config.yml");
  }

  private static Bootstrap<AcuseConfiguration> bootstrap() {
    var application = new AcuseApplication();
    Bootstrap<AcuseConfiguration> bootstrap = new Bootstrap<>(application);
    application.initialize(bootstrap);
    return bootstrap;
  }

  /** Everything that a start which fails prints. */
  private static String printed(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
