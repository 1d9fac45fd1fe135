package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.admin.NoServiceException;
import dev.acuse.admin.RunningService;
import dev.acuse.process.SetupException;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.FreePorts;
import dev.acuse.support.RawServer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import io.dropwizard.servlets.tasks.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command asks the service that runs on this machine. */
class RunningServiceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TOKEN = "let-me-in";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;

  /** The answer of a task is whole only after its caller has read the first line. */
  private static final CountDownLatch FIRST_LINE_READ = new CountDownLatch(1);

  private final List<String> lines = new ArrayList<>();

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    acuse = RunningAcuse.start(database, sandbox, Map.of("adminPort.token", TOKEN));
    acuse.app().getEnvironment().admin().addTask(new TwoLines());
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  /** Says its second line after the first was read. */
  private static final class TwoLines extends Task {
    TwoLines() {
      super("two-lines");
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) throws Exception {
      output.println("first: ¡así!");
      output.flush();
      assertThat(FIRST_LINE_READ.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      output.print("second");
    }
  }

  @Test
  void taskOfTheRunningServiceIsDoneWithItsParametersAndItsTextComesBack() {
    int status =
        service(TOKEN)
            .run(
                "log-level",
                Map.of("logger", "dev.acuse.nobody", "level", "WARN"),
                lines::add,
                PATIENCE);

    assertThat(lines).containsExactly("Configured logging level for dev.acuse.nobody to WARN");
    assertThat(status).isEqualTo(200);
  }

  @Test
  void linesAreHandedOnWhileTheTaskIsStillAtWork() {
    int status =
        service(TOKEN)
            .run(
                "two-lines",
                Map.of(),
                line -> {
                  lines.add(line);
                  FIRST_LINE_READ.countDown();
                },
                PATIENCE);

    assertThat(lines).containsExactly("first: ¡así!", "second");
    assertThat(status).isEqualTo(200);
  }

  @Test
  void whatATaskRefusesComesBackWithItsReasonAndStatus() {
    int status = service(TOKEN).run("purge", Map.of("older-than", "1d"), lines::add, PATIENCE);

    assertThat(status).isEqualTo(400);
    assertThat(lines).singleElement().asString().contains("must be at least 5");
  }

  @Test
  void eventThatIsNotThereIsTheTasksOwnAnswer() {
    int status = service(TOKEN).run("retry-event", Map.of("id", "77"), lines::add, PATIENCE);

    assertThat(status).isEqualTo(404);
    assertThat(lines).singleElement().isEqualTo("There is no such event.");
  }

  @Test
  void taskThatTheServiceDoesNotKnowIsOneOfAnotherVersion() {
    assertThatThrownBy(() -> service(TOKEN).run("nosuch", Map.of(), lines::add, PATIENCE))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("or Acuse of another version, which has no task nosuch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wrong-one"})
  void serviceThatRefusesTheTokenIsSaidToWithItsKeyAndWithoutTheToken(String token) {
    assertThatThrownBy(() -> service(token).run("log-level", Map.of(), lines::add, PATIENCE))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("refuses us: adminPort.token (ACUSE_ADMIN_TOKEN) is not")
        .message()
        .doesNotContain("wrong-one", TOKEN);
    assertThat(lines).isEmpty();
  }

  @Test
  void whereNothingListensNoServiceRuns() throws IOException {
    int free = FreePorts.next();

    assertThatThrownBy(
            () ->
                new RunningService(at(free), Secret.NONE)
                    .run("doctor", Map.of(), lines::add, PATIENCE))
        .isInstanceOf(NoServiceException.class)
        .hasMessage(
            "no service runs on this machine: nothing listens at http://127.0.0.1:" + free + "/");
  }

  @Test
  void anotherProgramAtThePortIsTakenForNoService() throws IOException {
    int other = sandbox.mercadoPagoUrl().getPort();

    assertThatThrownBy(
            () ->
                new RunningService(at(other), Secret.NONE)
                    .run("doctor", Map.of(), lines::add, PATIENCE))
        .isInstanceOf(SetupException.class)
        .isNotInstanceOf(NoServiceException.class)
        .hasMessageContaining("something else answers at http://127.0.0.1:" + other);
  }

  @Test
  void programThatSpeaksNoHttpIsSaidToAnswerWrongly() throws IOException {
    try (var odd =
        new RawServer(out -> out.write("220 mail\r\n".getBytes(StandardCharsets.UTF_8)))) {
      assertThatThrownBy(
              () ->
                  new RunningService(URI.create(odd.url()).resolve("/"), Secret.NONE)
                      .run("doctor", Map.of(), lines::add, PATIENCE))
          .isInstanceOf(SetupException.class)
          .isNotInstanceOf(NoServiceException.class)
          .hasMessageContaining("did not answer as it should");
    }
  }

  @Test
  void answerThatFallsSilentOrBreaksOffIsGivenUp() throws IOException {
    var never = new CountDownLatch(1);
    try (var silent = new RawServer(out -> begin(out, never));
        var cut = new RawServer(out -> begin(out, new CountDownLatch(0)))) {
      assertThatThrownBy(() -> ask(silent, Duration.ofMillis(700)))
          .isInstanceOf(SetupException.class)
          .hasMessageContaining("nothing came for");
      assertThatThrownBy(() -> ask(cut, PATIENCE))
          .isInstanceOf(SetupException.class)
          .hasMessageContaining("the answer broke off");
      never.countDown();
    }
    assertThat(lines).containsExactly("one", "one");
  }

  private static void begin(OutputStream out, CountDownLatch goOn) throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\nAcuse-Port: admin\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 100\r\n\r\none\ntw")
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(RawServer server, Duration patience) {
    new RunningService(URI.create(server.url()).resolve("/"), Secret.NONE)
        .run("doctor", Map.of(), lines::add, patience);
  }

  private static RunningService service(String token) {
    return new RunningService(at(acuse.app().getAdminPort()), Secret.of(token));
  }

  private static URI at(int port) {
    return URI.create("http://127.0.0.1:" + port + "/");
  }
}
