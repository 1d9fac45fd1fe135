package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SandboxCommandTest {
  private static final Pattern PAY_URL = Pattern.compile("'(http://127[^']+/_sandbox/)pay");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CountDownLatch stop = new CountDownLatch(1);

  @Test
  void aPaymentByCurlIsNotifiedAndTheCommandEndsWhenTold() throws Exception {
    List<String> notified = new CopyOnWriteArrayList<>();
    HttpServer acuse =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    acuse.createContext(
        "/",
        exchange -> {
          notified.add(String.valueOf(exchange.getRequestURI().getRawQuery()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    acuse.start();
    String url = "http://127.0.0.1:" + acuse.getAddress().getPort() + "/webhooks/mp";
    CompletableFuture<Optional<Throwable>> run = run("--notify-url", url);
    try {
      await().until(() -> printed().contains("Notifications go to " + url));

      HttpResponse<String> paid = post("pay?external_reference=order-1&amount=10");

      assertThat(paid.statusCode()).isEqualTo(200);
      await().until(() -> notified.stream().anyMatch(query -> query.endsWith("&type=payment")));
      await().until(() -> notified.stream().anyMatch(query -> query.startsWith("topic=payment")));
    } finally {
      stop.countDown();
      acuse.stop(0);
    }
    assertThat(run.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void whatItPrintsIsTheEnvironmentThatAcuseNeeds() throws Exception {
    CompletableFuture<Optional<Throwable>> run = run();

    await().until(() -> printed().contains("Nobody is notified"));
    stop.countDown();

    assertThat(run.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(printed())
        .contains(
            "export MP_BASE_URL=http://127.0.0.1:",
            "export MP_ACCESS_TOKEN=",
            "export MP_WEBHOOK_SECRET=",
            "export GHL_BASE_URL=http://127.0.0.1:",
            "export GHL_TOKEN=",
            "export GHL_LOCATION_ID=");
  }

  @Test
  void aTakenPortIsSaidInOneLine() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    int port = other.getAddress().getPort();

    Optional<Throwable> failure =
        run("--mp-port", Integer.toString(port)).get(10, TimeUnit.SECONDS);
    other.stop(0);

    assertThat(failure).isPresent();
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("can't listen on port " + port);
  }

  private CompletableFuture<Optional<Throwable>> run(String... more) {
    var bootstrap = new Bootstrap<Configuration>(new EmptyApplication());
    bootstrap.addCommand(
        new SandboxCommand(new PrintStream(out, true, StandardCharsets.UTF_8), stop));
    String[] free = {"sandbox", "--mp-port", "0", "--ghl-port", "0"};
    String[] arguments = new String[free.length + more.length];
    System.arraycopy(free, 0, arguments, 0, free.length);
    System.arraycopy(more, 0, arguments, free.length, more.length);
    var cli = new Cli(new JarLocation(getClass()), bootstrap, out, err);
    return CompletableFuture.supplyAsync(() -> cli.run(arguments));
  }

  private HttpResponse<String> post(String lever) throws Exception {
    Matcher url = PAY_URL.matcher(printed());
    assertThat(url.find()).isTrue();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url.group(1) + lever))
            .POST(BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static final class EmptyApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
      throw new AssertionError("a command that needs no service must not start one");
    }
  }
}
