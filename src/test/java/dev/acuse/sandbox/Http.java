package dev.acuse.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A plain client of the sandbox. A new connection a call: a kept one may hide a dropped one. */
public final class Http {
  private final URI base;
  private final String[] headers;

  /**
   * @param headers sent with each call: name, value, name, value
   */
  public Http(URI base, String... headers) {
    this.base = base;
    this.headers = headers;
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return call("GET", path, "");
  }

  public HttpResponse<String> post(String path, String body, String... more)
      throws IOException, InterruptedException {
    return call("POST", path, body, more);
  }

  public HttpResponse<String> call(String method, String path, String body, String... more)
      throws IOException, InterruptedException {
    return call(Duration.ofSeconds(10), method, path, body, more);
  }

  public HttpResponse<String> call(
      Duration timeout, String method, String path, String body, String... more)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (more.length > 0) {
      request.headers(more);
    }
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return client.send(request.build(), BodyHandlers.ofString());
  }

  public JsonNode json(String path) throws IOException, InterruptedException {
    return json(get(path));
  }

  public static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
