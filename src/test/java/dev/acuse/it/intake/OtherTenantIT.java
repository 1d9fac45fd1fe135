package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wire;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tenant B has an account of its own, with a secret that is genuine, and means harm to A: no
 * call is made with A's token because of it, nothing of A's budgets is used, and no webhook of A's
 * is missing.
 */
@ParameterizedClass
@EnumSource
class OtherTenantIT {
  private static final String SHARED = "/webhooks/mp";
  private static final String OF_A = "/webhooks/mp/a";
  private static final String OF_B = "/webhooks/mp/b";
  private static final String TAG = "pago_confirmado";
  private static final String STRANGER = "9999";
  private static final String BAD_SIGNATURE = "ts=1700000000,v1=" + "0".repeat(64);
  private static final int FLOOD = 50;
  private static final int ADDRESSES = 6;
  private static final int REFUSED = 4;
  private static final int SALES = 10;

  /** 127.0.0.x, of A's sender and of B's. */
  private static final byte A_SENDS = 3;

  private static final byte B_SENDS = 4;

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final SandboxSeller a = sandbox.mercadoPago().seller(2001, token(2001));
  private final SandboxSeller b = sandbox.mercadoPago().seller(2002, token(2002));
  private final List<String> ofA = new ArrayList<>();
  private @Nullable RunningAcuse acuse;

  OtherTenantIT(Engine engine) {
    database = TestDatabase.open(engine);
  }

  private static String token(long seller) {
    return "APP_USR-7910-112233-0123456789abcdef0123456789abcdef-" + seller;
  }

  /**
   * @param lookUps how often a minute it is asked whether what is in quarantine exists
   * @param hints how many a second are taken; what would be one more waits
   */
  private void start(int lookUps, int hints) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("accounts.key", Base64.getEncoder().encodeToString(new byte[32]));
    settings.put(
        "mercadoPago.collectorId", Long.toString(sandbox.options().credentials().collectorId()));
    settings.put("intake.hintsPerSecond", String.valueOf(hints));
    settings.put("intake.quarantinedPerSecond", "20");
    settings.put("reconciliation.quarantineLookupsPerMinute", String.valueOf(lookUps));
    acuse = RunningAcuse.start(database, sandbox, settings);
    makeAccount("a", a, "7910000000000101");
    makeAccount("b", b, "7910000000000102");
  }

  private void makeAccount(String name, SandboxSeller seller, String application) {
    seller.application(application);
    var location = sandbox.goHighLevel().location("location-" + name, "pit-" + name);
    location.createUnknownContacts(true);
    made(
        "/api/applications",
        "{\"name\": \"agency-%s\", \"client_id\": \"%s\", \"webhook_secrets\": [\"%s\"]}"
            .formatted(name, application, seller.application().secret()));
    made(
        "/api/accounts",
        """
        {"name": "%s", "application": "agency-%s", "mp_user_id": "%d", "access_token": "%s",
         "location_id": "%s", "crm_token": "pit-%s"}
        """
            .formatted(name, name, seller.userId(), seller.token(), location.id(), name));
  }

  private void made(String path, String body) {
    var answer = service().post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private RunningAcuse service() {
    return Objects.requireNonNull(acuse, "start it first");
  }

  @AfterEach
  void close() {
    if (acuse != null) {
      acuse.close();
    }
    sandbox.close();
    database.close();
  }

  /** An approved payment of A's, of which no webhook has come yet. */
  private String sell() {
    String contact = "contact" + ofA.size();
    var terms =
        new SandboxPayment.Terms(
            BigDecimal.TEN,
            "ARS",
            "order-" + ofA.size(),
            "customer@example.test",
            a.userId(),
            Map.of("contact_id", contact));
    String id = String.valueOf(a.payDirectly(terms, PaymentOutcome.APPROVED).payment().id());
    ofA.add(id);
    return id;
  }

  private void awaitTag(String payment) {
    String contact = "contact" + ofA.indexOf(payment);
    await()
        .untilAsserted(
            () ->
                assertThat(sandbox.goHighLevel().location("location-a").tagsOf(contact))
                    .containsExactly(TAG));
  }

  private long events(String where) {
    return database.count("webhook_events WHERE origin <> 'effect' AND " + where);
  }

  private static String account(String name) {
    return "account_id = (SELECT id FROM accounts WHERE name = '" + name + "')";
  }

  /** With A's token only A's payments were asked for, each as often as an event of A's wants it. */
  private void assertNothingWasAskedForWithTheTokenOfA() {
    long asked = 0;
    for (String id : ofA) {
      long ofThis = a.requestCount("/v1/payments/" + id);
      assertThat(ofThis)
          .as("look-ups of " + id)
          .isEqualTo(
              events(account("a") + " AND status = 'success' AND resource_id = '" + id + "'"));
      asked += ofThis;
    }
    assertThat(a.requestCount("/")).as("all calls with the token of A").isEqualTo(asked);
  }

  private static Notification with(Notification notification, Consumer<ObjectNode> change) {
    ObjectNode body = Objects.requireNonNull(Json.readObject(notification.body()));
    change.accept(body);
    return notification.withBody(body.toString());
  }

  @Test
  void aBodyThatBSignsAndThatNamesAIsNothingOfAs() throws Exception {
    start(6_000, 1_000);
    String told = sell();
    assertThat(post(A_SENDS, SHARED, a.notifications().paymentCreated(told))).isEqualTo(200);
    awaitTag(told);
    String untold = sell();
    long before = events(account("a"));

    for (String address : List.of(SHARED, OF_A, OF_B)) {
      for (String id : List.of(told, untold, "179999999999")) {
        Notification signed = b.notifications().paymentUpdated(id);
        for (Notification forged :
            List.of(
                with(signed, body -> body.put("user_id", "2001")),
                with(signed, body -> body.put("user_id", 2001)),
                with(
                    signed,
                    body ->
                        body.put("user_id", "2001").put("application_id", a.application().id())))) {
          assertThat(post(B_SENDS, address, forged)).isEqualTo(200);
        }
      }
    }
    assertThat(events(account("a"))).as("events of A").isEqualTo(before);
    // One notification has one key, whatever its body says beside its number.
    assertThat(events("account_id = 0 AND status = 'quarantined'")).isPositive();

    // Without a seller it is of the account whose secret signs it, wherever it goes.
    Notification ofNone =
        with(b.notifications().paymentUpdated(untold), body -> body.remove("user_id"));
    assertThat(post(B_SENDS, OF_A, ofNone)).isEqualTo(200);
    await().until(() -> events(account("b") + " AND status NOT IN ('pending', 'processing')") == 1);
    assertThat(post(A_SENDS, OF_A, a.notifications().paymentCreated(untold))).isEqualTo(200);
    awaitTag(untold);

    // The tag may be there before the end of the attempt that wanted it is recorded.
    await().untilAsserted(this::assertNothingWasAskedForWithTheTokenOfA);
    assertThat(events("account_id = 0 AND status <> 'quarantined'")).isZero();
    assertThat(database.count("payments WHERE NOT " + account("a"))).isZero();
    assertThat(sandbox.goHighLevel().location("location-b").requestCount("/")).isZero();
  }

  @Test
  void whatASignedIsAsAndOnceWhereverItIsSent() throws Exception {
    start(6_000, 1_000);
    String payment = sell();
    Notification genuine = a.notifications().paymentCreated(payment);

    // It is B's that is the first to send it, as it is and with another body.
    Notification otherBody = with(genuine, body -> body.put("user_id", "2002"));
    assertThat(post(B_SENDS, OF_B, otherBody)).isEqualTo(200);
    assertThat(post(B_SENDS, OF_B, genuine)).isEqualTo(200);
    assertThat(post(A_SENDS, OF_A, genuine)).isEqualTo(200);
    for (int i = 0; i < 20; i++) {
      assertThat(post(B_SENDS, i % 2 == 0 ? OF_B : SHARED, genuine)).isEqualTo(200);
    }

    awaitTag(payment);
    await().until(() -> events("status IN ('pending', 'processing')") == 0);
    assertNothingWasAskedForWithTheTokenOfA();
    assertThat(events(account("b"))).isZero();
    assertThat(b.requestCount("/")).isZero();
    assertThat(
            database.count(
                "payments WHERE " + account("a") + " AND mp_payment_id = '" + payment + "'"))
        .isEqualTo(1);
    assertThat(database.count("payments")).isEqualTo(1);
  }

  @Test
  void aFloodTakesNothingOfAsRates() throws Exception {
    start(0, 10);
    List<Flood> floods = new ArrayList<>();
    for (int i = 0; i < ADDRESSES; i++) {
      floods.add(new Flood((byte) (B_SENDS + i), i == 0));
    }
    try {
      await().until(() -> floods.stream().allMatch(flood -> flood.sent > FLOOD));
      List<String> sales = new ArrayList<>();
      for (int i = 0; i < SALES; i++) {
        String id = sell();
        sales.add(id);
        String address = i % 2 == 0 ? OF_A : SHARED;
        assertThat(post(A_SENDS, address, a.notifications().paymentCreated(id))).isEqualTo(200);
      }
      // What no secret vouches for has A's rates: of look-ups, and of what is kept as refused.
      String hinted = sell();
      assertThat(post(A_SENDS, OF_A, a.notifications().ipnPayment(hinted))).isEqualTo(200);
      for (int i = 0; i < REFUSED; i++) {
        Notification refused =
            a.notifications()
                .paymentCreated(String.valueOf(3_000_000 + i))
                .withHeader("x-signature", BAD_SIGNATURE);
        assertThat(post(A_SENDS, OF_A, refused)).isEqualTo(401);
      }
      sales.forEach(this::awaitTag);
      awaitTag(hinted);
    } finally {
      floods.forEach(flood -> flood.isOver = true);
      for (Flood flood : floods) {
        flood.thread.join();
      }
    }

    assertThat(floods).extracting(flood -> flood.failure).containsOnlyNulls();
    assertThat(events(account("a") + " AND status = 'quarantined' AND resource_id LIKE '300000_'"))
        .as("what was refused of A is kept")
        .isEqualTo(REFUSED);
    assertThat(events("resource_id = '" + Flood.RESOURCE + "' AND " + account("a")))
        .as("what was refused at the address of A is kept at a quarter of its rate")
        .isLessThanOrEqualTo(5 * (floods.get(0).seconds() + 2));
    assertNothingWasAskedForWithTheTokenOfA();
  }

  /**
   * Bad signatures for a seller that there is not, and hints for others. From so many addresses
   * they would fill a rate that were not A's alone; what names A comes from one, because each
   * address has a quarter of A's.
   */
  private final class Flood implements Runnable {
    private static final String RESOURCE = "178888888888";
    private final long start = System.nanoTime();
    private final byte address;
    private final boolean isOnA;
    private final Thread thread;
    private volatile boolean isOver;
    private volatile int sent;
    private volatile @Nullable IOException failure;

    Flood(byte address, boolean isOnA) {
      this.address = address;
      this.isOnA = isOnA;
      this.thread = new Thread(this, "flood-" + address);
      thread.start();
    }

    long seconds() {
      return (System.nanoTime() - start) / 1_000_000_000;
    }

    @Override
    public void run() {
      Notification signed = b.notifications().paymentUpdated(RESOURCE);
      Notification bad = signed.withHeader("x-signature", BAD_SIGNATURE);
      Notification stranger = with(bad, body -> body.put("user_id", STRANGER));
      Notification named = with(bad, body -> body.put("user_id", "2001"));
      try (Socket socket = connect(address)) {
        for (int round = 0; !isOver; round++) {
          String id = String.valueOf(7_000_000L + 1_000_000L * address + round);
          send(socket, SHARED, stranger);
          send(socket, OF_B, stranger);
          send(socket, OF_B, b.notifications().ipnPayment(id));
          send(socket, SHARED, b.notifications().ipnPayment(id));
          if (isOnA) {
            send(socket, OF_A, stranger);
            send(socket, SHARED, named);
          }
          sent = round;
        }
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  private int post(byte address, String path, Notification notification) throws IOException {
    try (Socket socket = connect(address)) {
      return send(socket, path, notification);
    }
  }

  private static Socket connect(byte address, int port) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(20_000);
    socket.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, address}), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private Socket connect(byte address) throws IOException {
    return connect(address, service().url("/").getPort());
  }

  private static int send(Socket socket, String path, Notification notification)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("POST " + path + "?" + notification.query() + " HTTP/1.1");
    lines.add("Host: localhost");
    notification.headers().forEach((name, value) -> lines.add(name + ": " + value));
    lines.add("Content-Length: " + notification.body().length);
    socket
        .getOutputStream()
        .write(Wire.join(Wire.lines(lines.toArray(String[]::new)), notification.body()));
    String head = head(socket);
    String length = head.replaceAll("(?is).*\\ncontent-length: *(\\d+).*", "$1");
    socket.getInputStream().readNBytes(Integer.parseInt(length));
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  private static String head(Socket socket) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("connection closed after: %s", head).isNotNegative();
      head.append(new String(new byte[] {(byte) next}, StandardCharsets.ISO_8859_1));
    }
    return head.toString();
  }
}
