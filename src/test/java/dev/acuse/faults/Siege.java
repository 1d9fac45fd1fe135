package dev.acuse.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.faults.Load.Sent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier.Answer;
import dev.acuse.support.RunningAcuse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A service under attack: genuine webhooks come from an address of their own, and a supervisor
 * starts it again when it ends.
 */
final class Siege implements AutoCloseable {
  private static final Peer GENUINE = Peer.number(77);

  /** How long a webhook may wait for its look-up when nothing holds the service up. */
  private static final Duration WORKS_WITHIN = Duration.ofSeconds(45);

  private final Stage stage;
  private final Fronts fronts;
  private final Supervisor supervisor;
  private final Load load;
  private final Random random;
  private final Path journal;
  private final Set<String> strangers = ConcurrentHashMap.newKeySet();
  private final List<Sent> byHand = new ArrayList<>();
  private final Map<String, Object> notes = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  private Siege(Stage stage, Fronts fronts, Path journal, long seed) {
    this.stage = stage;
    this.fronts = fronts;
    this.journal = journal;
    this.random = new Random(seed);
    this.supervisor = Supervisor.of(stage);
    this.load =
        Load.start(
            Attack.PER_SECOND,
            stage.updatesOfPayments(),
            () -> notification -> GENUINE.send(webhooks(), notification));
  }

  /** Genuine webhooks come from now on. */
  static Siege lay(Attack attack, long seed) {
    var fronts = new Fronts[1];
    Stage stage =
        Stage.of(
            attack,
            sandbox -> {
              fronts[0] = new Fronts(sandbox);
              return fronts[0].settings();
            });
    String name = attack.toString().replaceAll("[^A-Za-z0-9]+", "-");
    return new Siege(stage, fronts[0], Path.of("target", "faults", name + ".journal"), seed);
  }

  Stage stage() {
    return stage;
  }

  Fronts fronts() {
    return fronts;
  }

  Supervisor supervisor() {
    return supervisor;
  }

  /** What is left to chance comes from here. */
  Random random() {
    return random;
  }

  /**
   * Where webhooks go.
   *
   * @throws IOException if nothing runs
   */
  URI webhooks() throws IOException {
    if (!supervisor.opens()) {
      throw new IOException("the service does not start any more");
    }
    return stage.instance(0).url("/webhooks/mp");
  }

  /** A flood by so many addresses; notes what it was answered. */
  void flood(Flood.Body body, Flood.Plan plan, int addresses) {
    var flood = new Flood(body, plan, i -> Peer.number(2_000 + i % addresses), this::webhooks);
    flood.run();
    strangers.addAll(flood.acknowledged());
    note("the attack was answered", flood.answers());
  }

  /** What strangers were acknowledged must not be lost either. */
  void acknowledgedToStrangers(Set<String> keys) {
    strangers.addAll(keys);
  }

  /** Webhooks that were sent besides the load, and are as genuine. */
  void genuine(List<Sent> more) {
    byHand.addAll(more);
  }

  /** Sends one webhook about a payment, as a sender does that repeats it until it is taken. */
  void send(Peer peer, long payment, Notification notification) {
    Awaitility.await()
        .atMost(WORKS_WITHIN)
        .pollInterval(500, TimeUnit.MILLISECONDS)
        .ignoreExceptions()
        .until(
            () -> {
              long start = System.nanoTime();
              Answer answer = peer.send(webhooks(), notification);
              var json = RunningAcuse.json(answer.body());
              byHand.add(
                  new Sent(
                      -1,
                      String.valueOf(payment),
                      answer.status(),
                      json.path("webhook_id").asText(),
                      json.path("status").asText(),
                      Duration.ofNanos(System.nanoTime() - start).toMillis()));
              return answer.status() == 200;
            });
  }

  /** Something to be told in the table. */
  void note(String what, Object value) {
    notes.put(what, value);
  }

  Map<String, Object> notes() {
    return notes;
  }

  /** Something that must not be. */
  void complain(String what) {
    complaints.add(what);
  }

  List<String> complaints() {
    return complaints;
  }

  /** Ends the genuine load. */
  List<Sent> stopLoad() {
    return load.stop(journal, Duration.ofSeconds(20));
  }

  /** Whether a webhook that is sent now is worked on, be it by a service that is started again. */
  boolean works() {
    long payment = stage.payments().get(0);
    return awaitLookUp(
            GENUINE,
            payment,
            stage.sandbox().notifications().paymentUpdated(String.valueOf(payment)),
            WORKS_WITHIN)
        != null;
  }

  /**
   * Sends a notification of a payment, and measures how long it takes until that is looked up.
   *
   * @return null if it was not in time
   */
  @Nullable Duration awaitLookUp(
      Peer peer, long payment, Notification notification, Duration atMost) {
    String lookUp = "/v1/payments/" + payment;
    long before = stage.sandbox().mercadoPago().requestCount(lookUp);
    long start = System.nanoTime();
    try {
      send(peer, payment, notification);
      Awaitility.await()
          .atMost(atMost)
          .pollInterval(20, TimeUnit.MILLISECONDS)
          .until(() -> stage.sandbox().mercadoPago().requestCount(lookUp) > before);
      return Duration.ofNanos(System.nanoTime() - start);
    } catch (ConditionTimeoutException e) {
      return null;
    }
  }

  /** Waits until all is stored and nothing of the genuine ones waits any more; not for ever. */
  void awaitEnds(List<Sent> sent, Duration atMost) {
    Set<String> stored = new HashSet<>(Stage.acknowledged(all(sent)));
    stored.addAll(strangers);
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollInterval(200, TimeUnit.MILLISECONDS)
          .ignoreExceptions()
          .until(
              () ->
                  events() >= stored.size() && stage.payments().stream().allMatch(this::hasEnded));
    } catch (ConditionTimeoutException e) {
      complain("genuine webhooks wait after " + atMost.toSeconds() + " s");
    }
  }

  private long events() {
    long all = 0;
    // Without the events of effects, because these follow from webhooks.
    JsonNode stats = stage.instance(0).json("/api/stats");
    for (JsonNode count : stats.path("events_by_origin").path("other")) {
      all += count.asLong();
    }
    return all;
  }

  private boolean hasEnded(long payment) {
    return Stream.of("pending", "processing")
        .allMatch(
            status ->
                stage
                    .instance(0)
                    .items(
                        // By its key, because what was never attempted names no payment yet.
                        "/api/webhook-events?limit=1&status=%s&q=%d".formatted(status, payment))
                    .isEmpty());
  }

  /** The load's deliveries and those sent one by one. */
  List<Sent> all(List<Sent> sent) {
    List<Sent> all = new ArrayList<>(sent);
    all.addAll(byHand);
    return all;
  }

  /** How much was acknowledged, to anybody. */
  int acknowledged(List<Sent> sent) {
    return Stage.acknowledged(all(sent)).size() + strangers.size();
  }

  /** Ends the service, and looks at what it left. */
  Oracle.Verdict judge(List<Sent> sent) throws SQLException {
    supervisor.close();
    List<Sent> all = all(sent);
    Set<String> genuine = Stage.acknowledged(all);
    return stage.judge(all, strangers, genuine::contains);
  }

  @Override
  public void close() {
    supervisor.close();
    load.close();
    stage.close();
    fronts.close();
  }
}
