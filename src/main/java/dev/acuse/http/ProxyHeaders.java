package dev.acuse.http;

import java.util.regex.Pattern;

/**
 * Knows headers by which a request shows that it came through a proxy, a load balancer, a CDN or a
 * gateway. No list of them is complete, so it goes by the shapes of their names: what tells of the
 * address, host, port, scheme or certificate of somebody else, and what is named after such
 * products. No browser, no client of ours and none that usually monitors a service sends any of
 * these to a server.
 */
final class ProxyHeaders {
  /** Anywhere in a name. */
  private static final String PARTS =
      "forward|prox(?:y|ied)|gateway|balancer|cloudflare|cloudfront|haproxy|nginx|envoy|varnish|"
          + "traefik|squid|tunnel";

  /** Words of a name. */
  private static final String WORDS =
      "via|cdn|surrogate|hops?|edge|peer|host|hostname|server|port|proto|scheme|cert|ssl|tls|"
          + "https|addr|address|remoteaddr|clientaddr|"
          + "(?:[a-z]*(?:client|user|real|remote|socket|source|src|peer|origin|originating|"
          + "connecting|visitor|server|host))?ips?(?:v?[46])?";

  /** First words of a name, after an {@code x-} if there is one. */
  private static final String BEGINNINGS =
      "cf|fly|fastly|akamai|azure|amzn?|arr|appgw|appengine|appservice|cloud|gfe|goog|google|"
          + "heroku|vercel|nf|netlify|railway|render|rndr|kong|consumer|credential|istio|linkerd|"
          + "l5d|pomerium|tailscale|ngrok|teleport|authelia|authentik|auth-request|webauth|client|"
          + "real|true|remote|original|originating|cluster|source|incap|sucuri|imperva|ali|tencent|"
          + "bluecoat|zscaler|wl|ns|citrix|f5|rewrite|url|request-start|queue-start";

  private static final Pattern SIGN =
      Pattern.compile(
          ".*(?:"
              + PARTS
              + ").*|"
              + "(?:.*[-_.])?(?:"
              + WORDS
              + ")(?:[-_.].*)?|"
              + "(?:http[-_])?(?:x[-_])?(?:"
              + BEGINNINGS.replace("-", "[-_]")
              + ")(?:[-_.].*)?",
          Pattern.CASE_INSENSITIVE);

  private ProxyHeaders() {}

  /**
   * Whether a header of this name is a sign of a proxy.
   *
   * @param name as it was sent, in any case
   */
  static boolean isSign(String name) {
    return !name.equalsIgnoreCase("Host") && SIGN.matcher(name).matches();
  }
}
