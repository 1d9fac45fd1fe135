package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.mercadopago.Signer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SeededAccounts;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Several accounts' webhooks, from the request to the row. */
@ParameterizedClass
@EnumSource
class AccountsIT {
  private final Engine engine;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  @TempDir private Path spool;
  private TestDatabase database;
  private SeededAccounts accounts;
  private @Nullable RunningAcuse acuse;

  AccountsIT(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO inbox_hold (id, paused_at, paused_by)"
                        + " VALUES (1, CURRENT_TIMESTAMP, 'test')"));
    accounts =
        new SeededAccounts(database, "100")
            .application("b", "b-secret")
            .application("agency", "agency-secret")
            .account("bodega", "b", "200")
            .account("casa", "agency", "300")
            .account("dedo", "agency", "400")
            .disconnect("dedo");
  }

  @AfterEach
  void close() {
    if (acuse != null) {
      acuse.close();
    }
    sandbox.close();
    database.close();
  }

  private void start() {
    start("1000", "1000");
  }

  /** With rates a second: of hints, and of what is quarantined. */
  private void start(String hints, String quarantined) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "mercadoPago.webhookSecrets",
                "main-secret",
                "intake.hintsPerSecond",
                hints,
                "intake.quarantinedPerSecond",
                quarantined,
                "intake.spool.folder",
                spool.toString()));
    settings.putAll(accounts.settings());
    acuse = RunningAcuse.start(database, sandbox, settings);
  }

  private RunningAcuse acuse() {
    return Objects.requireNonNull(acuse, "it is started by the test");
  }

  @Test
  void eachAccountGetsItsOwnBySecretAndSeller() {
    start();

    assertThat(send("", "1", "100", "main-secret")).isEqualTo(200);
    assertThat(send("/bodega", "2", "200", "b-secret")).isEqualTo(200);
    assertThat(send("", "3", "300", "agency-secret")).isEqualTo(200);
    assertThat(send("/bodega", "4", "300", "agency-secret")).isEqualTo(200);
    assertThat(send("/casa", "5", "300", "b-secret")).as("B names A's seller").isEqualTo(200);
    assertThat(send("/dedo", "6", "400", "agency-secret")).isEqualTo(200);
    assertThat(send("/dedo", "7", "400", "forged")).isEqualTo(401);
    assertThat(send("/casa", "8", "300", "forged")).isEqualTo(401);

    await()
        .untilAsserted(
            () ->
                assertThat(rows())
                    .extracting(
                        row -> row.get("resource_id"),
                        row -> row.get("account_id"),
                        row -> row.get("lane"),
                        row -> row.get("status"))
                    .containsExactlyInAnyOrder(
                        tuple("1", 1L, "mp:1", "pending"),
                        tuple("2", 2L, "mp:2", "pending"),
                        tuple("3", 3L, "mp:3", "pending"),
                        tuple("4", 3L, "mp:3", "pending"),
                        tuple("5", 0L, "mp:application:2", "quarantined"),
                        tuple("6", 0L, "mp:application:3", "quarantined"),
                        tuple("7", 4L, "mp:4", "quarantined"),
                        tuple("8", 3L, "mp:3", "quarantined")));
    assertThat(count("acuse.intake.unknown_account")).isEqualTo(2);
    await().untilAsserted(() -> assertThat(run().path("stored").asInt()).isEqualTo(6));
    assertThat(run().path("unaccounted").asInt()).isZero();
    assertThat(get("/bodega").statusCode()).isEqualTo(200);
    assertThat(get("/dedo").statusCode()).isEqualTo(200);
    assertThat(get("").body()).isEqualTo(get("/casa").body());
  }

  @Test
  void addressOfNoAccountIs404AfterAFreshReadAndKeepsNothing() {
    start();

    assertThat(send("/nobody", "1", "100", "main-secret")).isEqualTo(404);
    assertThat(get("/nobody").statusCode()).isEqualTo(404);
    assertThat(send("/NOT%20a%20name", "1", "100", "main-secret")).isEqualTo(404);

    assertThat(count("acuse.intake.unknown_address")).isEqualTo(3);
    assertThat(rows()).isEmpty();

    accounts.application("new", "new-secret").account("nobody", "new", "900");
    assertThat(send("/nobody", "2", "900", "new-secret"))
        .as("another instance has made it a moment ago")
        .isEqualTo(200);
    assertThat(rows()).extracting(row -> row.get("account_id")).containsExactly(5L);
  }

  @Test
  void unknownSellerIsReleasedWhenItsAccountIsThereAndTheBooksBalance() {
    start();
    assertThat(send("", "1", "500", "agency-secret")).isEqualTo(200);
    assertThat(send("", "2", "500", "b-secret")).as("B claims to be it").isEqualTo(200);
    await().untilAsserted(() -> assertThat(rows()).hasSize(2));

    accounts.account("eco", "agency", "500");

    await()
        .untilAsserted(
            () ->
                assertThat(rows())
                    .extracting(
                        row -> row.get("resource_id"),
                        row -> row.get("account_id"),
                        row -> row.get("status"))
                    .containsExactlyInAnyOrder(
                        tuple("1", 5L, "pending"), tuple("2", 0L, "quarantined")));
    assertThat(send("", "1", "500", "agency-secret")).as("again, with another key").isEqualTo(200);
    await().untilAsserted(() -> assertThat(run().path("stored").asInt()).isEqualTo(3));
    assertThat(run().path("unaccounted").asInt()).isZero();
  }

  /** As many secrets as no installation has: the last is found at the rate of quarantine. */
  @Test
  void secretBeyondTheFirstIsTriedBeforeADeliveryIsRefused() {
    for (int i = 10; i < 40; i++) {
      int application = i;
      accounts
          .application(
              "app-" + i,
              IntStream.range(0, 10)
                  .mapToObj(secret -> "secret-" + application + secret)
                  .toArray(String[]::new))
          .account("a-" + i, "app-" + i, String.valueOf(1_000 + i));
    }
    start();

    assertThat(send("", "1", "31337", "secret-399")).isEqualTo(200);
    assertThat(send("/a-39", "2", "1039", "secret-399")).isEqualTo(200);
    await().until(() -> send("", "3", "31337", "forged") == 401);

    assertThat(rows())
        .filteredOn(row -> !"3".equals(row.get("resource_id")))
        .extracting(row -> row.get("resource_id"), row -> row.get("lane"))
        .containsExactly(tuple("1", "mp:application:33"), tuple("2", "mp:34"));
  }

  @Test
  void floodOfOneAccountTakesNothingOfTheOthers() {
    start("2", "4");
    for (int i = 0; i < 200; i++) {
      ipn("/bodega", "9" + i, "200");
      ipn("", "8" + i, "77" + i);
    }

    assertThat(ipn("/bodega", "99999", "200")).isEqualTo(503);
    assertThat(ipn("/casa", "1", "300")).isEqualTo(200);
    assertThat(ipn("", "2", "300")).isEqualTo(200);
    assertThat(ipn("", "3", "100")).isEqualTo(200);
    assertThat(rows())
        .filteredOn(row -> "1".equals(row.get("resource_id")))
        .extracting(row -> row.get("account_id"))
        .containsExactly(3L);
  }

  private int send(String path, String id, String user, String secret) {
    String requestId = UUID.randomUUID().toString();
    String ts = "1704908010";
    String manifest = "id:" + id + ";request-id:" + requestId + ";ts:" + ts + ";";
    String body =
        "{\"type\": \"payment\", \"data\": {\"id\": \"%s\"}, \"user_id\": %s}".formatted(id, user);
    return post(
        HttpRequest.newBuilder(
                acuse().url("/webhooks/mp" + path + "?data.id=" + id + "&type=payment"))
            .header("x-request-id", requestId)
            .header("x-signature", Signer.header(secret, ts, manifest)),
        body);
  }

  private int ipn(String path, String id, String user) {
    String body =
        "{\"topic\": \"payment\", \"resource\": \"%s\", \"user_id\": \"%s\"}".formatted(id, user);
    return post(
        HttpRequest.newBuilder(acuse().url("/webhooks/mp" + path + "?topic=payment&id=" + id)),
        body);
  }

  private int post(HttpRequest.Builder request, String body) {
    return acuse()
        .exchange(
            request
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build())
        .statusCode();
  }

  private HttpResponse<String> get(String path) {
    return acuse().exchange(HttpRequest.newBuilder(acuse().url("/webhooks/mp" + path)).build());
  }

  private List<Map<String, Object>> rows() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT resource_id, account_id, lane, status FROM webhook_events"
                            + " WHERE origin = 'webhook' ORDER BY id")
                    .mapToMap()
                    .list());
  }

  private JsonNode run() {
    JsonNode runs = RunningAcuse.json(acuse().get("/api/ledger")).path("runs");
    return runs.path(0);
  }

  private long count(String name) {
    return acuse().app().getEnvironment().metrics().counter(name).getCount();
  }
}
