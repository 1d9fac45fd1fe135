package dev.acuse.remote;

import dev.acuse.process.Causes;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;

/**
 * Calls another system's JSON API through a {@link Guard} and sorts what goes wrong by what to do
 * next. Needs a client of {@link RemoteHttp}, which bounds the call. Thread-safe.
 */
public final class RemoteCall {
  /** Builds a request. What keeps it from being sent is a failure of the call. */
  @FunctionalInterface
  public interface Request {
    /** The request, ready to be sent. */
    Invocation build() throws RemoteException;
  }

  /** Reads an answer of 2xx. An answer that makes no sense is a failure of the call. */
  @FunctionalInterface
  public interface Reading<T extends @Nullable Object> {
    /** What the answer says. */
    T of(RemoteAnswer answer) throws RemoteException;
  }

  /** What a failure means to a caller that knows more than the answer says. */
  @FunctionalInterface
  public interface Meaning {
    /** The failure as it is to be taken. */
    RemoteException of(RemoteException failure);
  }

  private final String system;
  private final InstantSource clock;
  private final @Nullable String secret;
  private final Function<RemoteAnswer, @Nullable Duration> unaskedWait;
  private final Guard guard;

  /**
   * @param system the other system's name in messages
   * @param clock for a {@code Retry-After} that is a date
   * @param secret what the calls authenticate with; cut out of all messages
   * @param unaskedWait how long to wait after an answer without {@code Retry-After}; null leaves it
   *     to the caller's schedule
   * @param guard lets the calls through, or not
   */
  public RemoteCall(
      String system,
      InstantSource clock,
      @Nullable String secret,
      Function<RemoteAnswer, @Nullable Duration> unaskedWait,
      Guard guard) {
    this.system = system;
    this.clock = clock;
    this.secret = secret;
    this.unaskedWait = unaskedWait;
    this.guard = guard;
  }

  /** The same calls behind one more guard, which is asked first. */
  public RemoteCall through(Guard front) {
    return new RemoteCall(system, clock, secret, unaskedWait, front.then(guard));
  }

  /** Whether calls go through now. */
  public boolean isUp() {
    return guard.isUp();
  }

  /**
   * Sends a request and reads the answer, if the guard lets it.
   *
   * @param rules say what a refusal is about
   * @throws RemoteException for anything but an answer of 2xx that makes sense
   */
  public <T extends @Nullable Object> T send(
      Request request, Reading<T> reading, RefusalRules rules) throws RemoteException {
    return send(request, reading, rules, failure -> failure);
  }

  /**
   * The same, where the caller knows more of a failure than the answer says.
   *
   * @param meaning what a failure means, for the guard too
   */
  public <T extends @Nullable Object> T send(
      Request request, Reading<T> reading, RefusalRules rules, Meaning meaning)
      throws RemoteException {
    return guard.call(
        () -> {
          try {
            return reading.of(exchange(request.build(), rules));
          } catch (RemoteException e) {
            throw meaning.of(e);
          }
        });
  }

  private RemoteAnswer exchange(Invocation request, RefusalRules rules) throws RemoteException {
    Response response;
    try {
      response = request.invoke();
    } catch (ProcessingException e) {
      throw unanswered(rootOf(e));
    }
    RemoteAnswer answer;
    try {
      answer = read(response);
    } finally {
      close(response);
    }
    if (response.getStatus() >= 200 && response.getStatus() < 300) {
      return answer;
    }
    Duration asked = RetryAfter.parse(answer.header("retry-after"), clock.instant());
    throw answer.failure(rules, asked == null ? unaskedWait.apply(answer) : asked);
  }

  private RemoteAnswer read(Response response) throws RemoteException {
    int status = response.getStatus();
    byte[] body = new byte[0];
    try {
      // not readEntity: that insists on a well-formed Content-Type
      if (response.getEntity() instanceof InputStream stream) {
        body = stream.readAllBytes();
      }
    } catch (IOException e) {
      // of a failure the status says enough, even if its reasons are cut off
      if (status >= 200 && status < 300) {
        throw cutOff(status, e);
      }
    }
    return new RemoteAnswer(system, status, headers(response), body, secret);
  }

  private static Map<String, String> headers(Response response) {
    var headers = new HashMap<String, String>();
    for (Map.Entry<String, List<Object>> header : response.getHeaders().entrySet()) {
      if (!header.getValue().isEmpty()) {
        headers.put(
            header.getKey().toLowerCase(Locale.ROOT), String.valueOf(header.getValue().get(0)));
      }
    }
    return headers;
  }

  private static void close(Response response) {
    try {
      response.close();
    } catch (ProcessingException e) {
      // the connection is gone already: what was read of it counts
    }
  }

  private RemoteException cutOff(int status, IOException e) {
    if (e instanceof AnswerTooLargeException) {
      return new RemoteException.NotUnderstood(system + ": " + e.getMessage(), status, e);
    }
    String excess = excess(e);
    if (excess != null) {
      return new RemoteException.NotUnderstood(excess, status, e);
    }
    if (e instanceof ConnectionClosedException || e instanceof MalformedChunkCodingException) {
      return new RemoteException.NotUnderstood(
          system + " answered " + status + " and broke off", status, e);
    }
    return unavailable(e);
  }

  private RemoteException unanswered(Throwable e) {
    String excess = excess(e);
    if (excess != null) {
      return new RemoteException.NotUnderstood(excess, null, e);
    }
    if (e instanceof HttpException) {
      return new RemoteException.NotUnderstood(
          system + " answered with something other than HTTP", null, e);
    }
    return unavailable(e);
  }

  /**
   * What there was too much of around the answer's body; null if that is not why it failed. TLS
   * wraps what the socket beneath it throws.
   */
  private @Nullable String excess(Throwable failure) {
    for (Throwable cause : Causes.of(failure)) {
      if (cause instanceof AnswerWithoutEndException) {
        return system + ": " + cause.getMessage();
      }
      if (cause instanceof MessageConstraintException) {
        return system + ": the answer's lines are too long or too many: " + cause.getMessage();
      }
    }
    return null;
  }

  private RemoteException unavailable(Throwable e) {
    return new RemoteException.Unavailable(system + " is unavailable: " + reason(e), null, null, e);
  }

  private String reason(Throwable e) {
    String message = e.getMessage() == null ? "" : ": " + RemoteText.clean(e.getMessage(), secret);
    if (e instanceof UnknownHostException) {
      return "unknown host" + message;
    }
    if (e instanceof SSLException) {
      return "TLS" + message;
    }
    if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
      return "no connection" + message;
    }
    return e.getClass().getSimpleName() + message;
  }

  /** What lies under the exceptions that Jersey and Apache wrap around each other. */
  private static Throwable rootOf(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null
        && (cause instanceof ProcessingException
            || cause instanceof org.apache.hc.client5.http.ClientProtocolException)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
