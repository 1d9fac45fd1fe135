package dev.acuse.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The service as a process of its own, that can be killed. Configured as in production, by {@code
 * config.yml} and the environment.
 */
public final class AcuseProcess implements AutoCloseable {
  static {
    // On a busy machine ten seconds are little for a process to start and a lease to run out.
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  /** What the tests run with. */
  public static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private final Process process;
  private final int port;
  private final int adminPort;
  private final Path output;
  private final Runnable onEnd;
  private boolean ended;
  private final HttpClient client = HttpClient.newHttpClient();

  private boolean isOfThisVersion = true;

  private AcuseProcess(Process process, int port, int adminPort, Path output, Runnable onEnd) {
    this.process = process;
    this.onEnd = onEnd;
    this.port = port;
    this.adminPort = adminPort;
    this.output = output;
  }

  /** How long one request may take that asks whether the service is there. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Starts the service and waits until it answers. Leases and claims on tags are short. */
  public static AcuseProcess start(
      TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    return start(Launch.shortLived(), database, sandbox, environment, Program.ARGUMENTS);
  }

  /** As {@link #start}, but started in another way. */
  public static AcuseProcess startAs(
      Launch launch, TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    return start(launch, database, sandbox, environment, Program.ARGUMENTS);
  }

  /** As {@link #start}, with a configuration of its own. */
  public static AcuseProcess startConfigured(
      Path config, TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    List<String> command = Launch.shortLived().command(Program.ARGUMENTS, config.toString());
    return start(command, database, sandbox, environment);
  }

  /** As {@link #start}, with a heap of so many MiB at most. */
  public static AcuseProcess startWithHeap(
      int megabytes, TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    return start(
        Launch.shortLived().withHeap(megabytes), database, sandbox, environment, Program.ARGUMENTS);
  }

  /** As {@link #start}, but runs the packaged jar, as the README does. */
  public static AcuseProcess startJar(
      TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    return startJar(Launch.shortLived(), database, sandbox, environment);
  }

  /** The same, started in another way. */
  public static AcuseProcess startJar(
      Launch launch, TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    return start(launch, database, sandbox, environment, Launch.jar());
  }

  /** As {@link #startJar}, but runs the release before this version, with its own configuration. */
  public static AcuseProcess startRelease(
      PreviousRelease release,
      TestDatabase database,
      Sandbox sandbox,
      Map<String, String> environment) {
    List<String> command =
        Launch.shortLived()
            .command(List.of("-jar", release.jar().toString()), release.config().toString());
    AcuseProcess started = start(command, database, sandbox, environment);
    // Its answers are described by its own document, which is not here.
    started.isOfThisVersion = false;
    return started;
  }

  /** As {@link #startJar}, with classes that stand before those of the product. */
  public static AcuseProcess startWith(
      Path classes,
      Launch launch,
      TestDatabase database,
      Sandbox sandbox,
      Map<String, String> environment) {
    String path = classes + java.io.File.pathSeparator + CLASS_PATH;
    return start(
        launch, database, sandbox, environment, List.of("-cp", path, "dev.acuse.AcuseApplication"));
  }

  /** As {@link #startJar}, but it may open only so many files. */
  public static AcuseProcess startWithDescriptors(
      int limit, TestDatabase database, Sandbox sandbox, Map<String, String> environment) {
    return startJar(Launch.shortLived().withOpenFiles(limit), database, sandbox, environment);
  }

  static AcuseProcess start(
      Launch launch,
      TestDatabase database,
      Sandbox sandbox,
      Map<String, String> environment,
      List<String> program) {
    return start(launch.command(program), database, sandbox, environment);
  }

  private static AcuseProcess start(
      List<String> command,
      TestDatabase database,
      Sandbox sandbox,
      Map<String, String> environment) {
    int port = FreePorts.next();
    int adminPort = FreePorts.next();
    var builder = new ProcessBuilder(command);
    Path logs = Path.of("target", "test-logs", "process-" + port);
    builder.environment().putAll(environment(database, sandbox, logs));
    Path spool = database.takeSpoolFolder();
    builder.environment().put("ACUSE_SPOOL_DIR", spool.toString());
    builder.environment().put("PORT", String.valueOf(port));
    builder.environment().put("ADMIN_PORT", String.valueOf(adminPort));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(logs);
      Path output = logs.resolve("output.log");
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      var started =
          new AcuseProcess(
              builder.start(), port, adminPort, output, () -> database.leaveSpoolFolder(spool));
      started.awaitAnswer();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until it answers.
   *
   * @throws IllegalStateException if it ends instead
   */
  private void awaitAnswer() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(() -> !process.isAlive() || status("/webhooks/mp") == 200);
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "the service ended at its start with status %d, see %s: %s"
              .formatted(awaitExit(), output, lastWords()));
    }
  }

  private List<String> lastWords() {
    try (Stream<String> lines = Files.lines(output)) {
      List<String> said = lines.filter(line -> !line.startsWith("\tat ")).toList();
      return said.subList(Math.max(0, said.size() - 12), said.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process needs to know to use this database and this sandbox, with short delays. */
  static Map<String, String> environment(TestDatabase database, Sandbox sandbox, Path logs) {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", database.url());
    environment.put("DATABASE_USER", database.user());
    environment.put("MP_BASE_URL", sandbox.mercadoPagoUrl().toString());
    environment.put("MP_ACCESS_TOKEN", credentials.accessToken());
    environment.put("MP_WEBHOOK_SECRET", credentials.webhookSecret());
    environment.put("GHL_BASE_URL", sandbox.goHighLevelUrl().toString());
    environment.put("GHL_TOKEN", credentials.goHighLevelToken());
    environment.put("LOG_DIR", logs.toString());
    // On a busy machine a commit may well take longer than it should.
    environment.put("ACUSE_STORE_PATIENCE", "4s");
    environment.put("ACUSE_LEASE", "2s");
    environment.put("ACUSE_POLL_INTERVAL", "50ms");
    environment.put("ACUSE_MIGRATE_ON_START", "false");
    environment.put("ACUSE_HINTS_PER_SECOND", "1000");
    environment.put("ACUSE_SHUTDOWN_WAIT", "0s");
    environment.put("ACUSE_RECONCILE_EVERY", "0s");
    environment.put("ACUSE_SEARCHES_PER_SECOND", "1000");
    environment.put("ACUSE_QUARANTINE_LOOKUPS", "0");
    return environment;
  }

  /** An address of the service. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** An address of the admin port. */
  public URI adminUrl(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }

  /** Where the admin port is. */
  public int adminPort() {
    return adminPort;
  }

  private int status(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(url(path)).timeout(PATIENCE).build(), BodyHandlers.discarding())
        .statusCode();
  }

  /** The status of the check that is asked whether to restart it; 0 if there is no answer. */
  public int alive() {
    try {
      return status("/health-check?type=alive");
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Whether the process has not ended. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** The {@code items} of a list of the API. */
  public JsonNode items(String path) {
    return RunningAcuse.items(json(path));
  }

  /** What the API answers; the answer is held against the API's document. */
  public JsonNode json(String path) {
    return RunningAcuse.json(exchange(HttpRequest.newBuilder(url(path)).build()));
  }

  /** What the admin port answers. */
  public String admin(String path) {
    return exchange(HttpRequest.newBuilder(adminUrl(path)).build()).body();
  }

  /** Posts JSON and answers the status; the answer is held against the API's document. */
  public int post(String path, String json) {
    var request =
        HttpRequest.newBuilder(url(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return exchange(request).statusCode();
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (isOfThisVersion) {
        ApiContract.check(answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What the process has printed so far: its log, to the console. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL: nothing of the process runs any more when this returns. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** SIGTERM; answers the exit status. */
  public int terminate() {
    process.destroy();
    return awaitExit();
  }

  /** Sends a signal by name, for example {@code STOP}. */
  public void signal(String name) {
    run("kill", "-" + name, String.valueOf(process.pid()));
  }

  private static void run(String... command) {
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** From now on it may open only so many files; what is open stays so. */
  public void limitDescriptors(int limit) {
    run("prlimit", "--pid", String.valueOf(process.pid()), "--nofile=" + limit + ":");
  }

  /** As the operating system knows it. */
  public long pid() {
    return process.pid();
  }

  /** Waits for its end; answers the exit status. */
  public int awaitExit() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the process does not end");
      }
      if (!ended) {
        ended = true;
        onEnd.run();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
