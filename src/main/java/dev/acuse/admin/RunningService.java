package dev.acuse.admin;

import dev.acuse.process.Causes;
import dev.acuse.process.SetupException;
import dev.acuse.text.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The service that runs on this machine, as a command asks it: by a task of its admin port. It goes
 * past any proxy, because the admin port answers only to what comes straight from this machine.
 */
public final class RunningService {
  /** This machine answers at once or not at all. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final URI base;
  private final Secret token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  /**
   * @param base where the admin pages are, with a slash at its end
   * @param token of the admin port, or {@link Secret#NONE}
   */
  public RunningService(URI base, Secret token) {
    this.base = base;
    this.token = token;
  }

  /** Where its admin pages are; it holds no secret. */
  public URI base() {
    return base;
  }

  /**
   * Runs a task and hands on its text line by line, as it comes. Parameters go in the body, so that
   * none is in an address.
   *
   * @param task its name, as {@code retry-failed}
   * @param lines gets each line of the answer, also of a refusal
   * @param silence how long to wait for the first byte, and for more at most
   * @return the status: 200 if it was done; else the lines say why it was not
   * @throws NoServiceException if nothing listens there
   * @throws SetupException if what listens there is another program, wants another token, does not
   *     know the task or does not answer; its message says which
   */
  public int run(
      String task, Map<String, String> parameters, Consumer<String> lines, Duration silence) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve("tasks/" + task))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(silence)
            .POST(HttpRequest.BodyPublishers.ofString(form(parameters)));
    if (token.isSet()) {
      request.header("Authorization", "Bearer " + token.reveal());
    }
    try {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofPublisher());
      var text = new AnswerLines();
      answer.body().subscribe(text);
      try (text) {
        refuseWhatIsNoTask(task, answer);
        text.forEach(lines, silence);
      }
      return answer.statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupException("the question to " + base + " was interrupted", e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(
            one ->
                URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8)
                    + "="
                    + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private void refuseWhatIsNoTask(String task, HttpResponse<?> answer) {
    int status = answer.statusCode();
    if (answer.headers().firstValue(AdminGate.MARK).isEmpty()) {
      throw new SetupException(
          ("something else answers at %s (status %d): another program, or Acuse of another version,"
                  + " which has no task %s; server.adminConnectors (ADMIN_PORT, ADMIN_HOST) must name"
                  + " the admin port of the service that runs")
              .formatted(base, status, task));
    }
    if (status == UNAUTHORIZED) {
      throw new SetupException(
          ("the service at %s refuses us: adminPort.token (ACUSE_ADMIN_TOKEN) %s; run the command"
                  + " with the environment of the service")
              .formatted(base, token.isSet() ? "is not the token it has" : "is not set here"));
    }
    if (status == FORBIDDEN) {
      throw new SetupException(
          ("the service at %s refuses us: without a token (ACUSE_ADMIN_TOKEN) it answers only to"
                  + " this machine, for localhost or 127.0.0.1")
              .formatted(base));
    }
  }

  private SetupException failure(IOException e) {
    if (Causes.any(e, UnresolvedAddressException.class::isInstance)) {
      return new SetupException("the host of " + base + " (ADMIN_HOST) is not known here", e);
    }
    if (e instanceof ConnectException) {
      return new NoServiceException(base, e);
    }
    return new SetupException(
        "the service at %s did not answer as it should: %s"
            .formatted(
                base, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
        e);
  }
}
