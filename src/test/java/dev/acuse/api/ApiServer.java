package dev.acuse.api;

import dev.acuse.access.KnownKeys;
import dev.acuse.http.ApiErrors;
import dev.acuse.text.Secret;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.testing.DropwizardTestSupport;
import io.dropwizard.util.Duration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A real server with the API's errors, JSON and authentication, and the resources of a test. */
public final class ApiServer implements AutoCloseable {
  private final DropwizardTestSupport<Settings> running;
  private final HttpClient client = HttpClient.newHttpClient();

  private ApiServer(Settings settings) {
    this.running = new DropwizardTestSupport<>(TestApplication.class, settings);
    try {
      running.before();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public static ApiServer start(String token, Object... resources) {
    return start(token, factory -> {}, resources);
  }

  public static ApiServer start(
      String token, Consumer<DefaultServerFactory> change, Object... resources) {
    return launch(token, sent -> KnownKeys.Finding.UNKNOWN, change, resources);
  }

  private static ApiServer launch(
      String token, KnownKeys keys, Consumer<DefaultServerFactory> change, Object... resources) {
    var server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(connector()));
    server.setAdminConnectors(List.of(connector()));
    server.getGzipFilterFactory().setEnabled(false);
    server.setRegisterDefaultExceptionMappers(false);
    change.accept(server);
    return new ApiServer(
        new Settings(new ApiConfiguration(Secret.of(token)), keys, server, List.of(resources)));
  }

  /** The same with keys, and with no more than what is shipped changed. */
  public static ApiServer withKeys(String token, KnownKeys keys, Object... resources) {
    return launch(token, keys, factory -> {}, resources);
  }

  private static HttpConnectorFactory connector() {
    var connector = (HttpConnectorFactory) HttpConnectorFactory.application();
    connector.setPort(0);
    connector.setIdleTimeout(Duration.seconds(2));
    return connector;
  }

  public int port() {
    return running.getLocalPort();
  }

  public int adminPort() {
    return running.getAdminPort();
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(request(path));
  }

  public HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Sends a head of these lines and a body, and reads until the server closes the connection. */
  public String raw(String body, String... head) {
    return raw(port(), body, head);
  }

  public static String raw(int port, String body, String... head) {
    String request = String.join("\r\n", head) + "\r\n\r\n" + body;
    return exchange(port, request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends these bytes as they are and reads until the server closes the connection. */
  public static String exchange(int port, byte[] request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      // The server gives up on silence after two seconds; this is only for one that never does.
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      var answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    running.after();
  }

  /** The configuration of such a server. */
  public static final class Settings extends Configuration {
    private final ApiConfiguration api;
    private final KnownKeys keys;
    private final List<Object> resources;

    Settings(
        ApiConfiguration api, KnownKeys keys, DefaultServerFactory server, List<Object> resources) {
      this.api = api;
      this.keys = keys;
      this.resources = resources;
      setServerFactory(server);
      var logging = new DefaultLoggingFactory();
      logging.setLevel("WARN");
      setLoggingFactory(logging);
    }
  }

  /** Wires what the API brings, and nothing else. */
  public static final class TestApplication extends Application<Settings> {
    @Override
    public void run(Settings settings, Environment environment) {
      ApiErrors.install(environment);
      StrictJson.install(environment);
      ApiAuth.install(environment, settings.api, settings.keys);
      settings.resources.forEach(environment.jersey()::register);
    }
  }
}
