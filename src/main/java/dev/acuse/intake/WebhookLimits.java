package dev.acuse.intake;

import dev.acuse.http.BoundedBody;
import dev.acuse.http.IntakeMemory.Kind;
import dev.acuse.http.RequestBodies;
import dev.acuse.http.RequestBodies.Limit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * How large the body of a request may be, judged by its head: what a secret vouches for may have as
 * much as can be stored, anything else as much as genuine notifications never have.
 */
final class WebhookLimits implements RequestBodies.Limits {
  private static final String PREFIX = "/webhooks/";

  /** The API's largest request is a checkout, far below this; so is a form of the console. */
  private static final Limit OTHER = new Limit(64 << 10, Kind.OTHER);

  /**
   * The only form that is read of whoever has not logged in. As fields it takes some fifty times
   * its bytes.
   */
  private static final Limit LOGIN = new Limit(BoundedBody.LOGIN_FORM_BYTES, Kind.OTHER);

  private static final String LOGIN_PATH = "/console/login";

  private final Map<String, WebhookSource> sources;
  private final Limit verified;
  private final Limit unverified;

  WebhookLimits(List<WebhookSource> sources, IntakeConfiguration config) {
    this.sources =
        sources.stream().collect(Collectors.toMap(WebhookSource::name, Function.identity()));
    this.verified = new Limit(config.maxBodyBytes(), Kind.PROVEN);
    this.unverified = new Limit(config.maxUnverifiedBodyBytes(), Kind.UNPROVEN);
  }

  @Override
  public Limit of(Request head) {
    String path = Request.getPathInContext(head);
    if (path == null || !path.startsWith(PREFIX)) {
      return path != null && path.startsWith(LOGIN_PATH) ? LOGIN : OTHER;
    }
    int end = path.length() - (path.endsWith("/") ? 1 : 0);
    String name = path.substring(PREFIX.length(), Math.max(PREFIX.length(), end));
    int slash = name.indexOf('/');
    @Nullable WebhookSource source = sources.get(slash < 0 ? name : name.substring(0, slash));
    String account = slash < 0 ? null : name.substring(slash + 1);
    return source != null && source.isProven(Deliveries.headOf(head, account))
        ? verified
        : unverified;
  }
}
