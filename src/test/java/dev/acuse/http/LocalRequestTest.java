package dev.acuse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of a host, an origin and a proxy's header; {@code ForeignNamesIT} sends them. */
class LocalRequestTest {
  private static final SocketAddress HERE = peer(127, 0, 0, 1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "LocalHost:8080",
        "localhost:1",
        "localhost:65535",
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.1.2.3",
        "127.255.255.255:443",
        "127.0.0.0",
        "[::1]",
        "[::1]:8080",
        "[::ffff:127.0.0.1]",
        "[::FFFF:127.9.8.7]:8080"
      })
  void aNameOfThisMachineIsLocal(String host) {
    assertThat(isLocal("Host", host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Names that a resolver may be given, all of letters that an address may have.
        "bad.cc",
        "face.de",
        "cafe.fe",
        "dead.beef",
        "a.b.c.d",
        "127.0.0.1.evil.com",
        "127.0.0.1.nip.io",
        "localhost.evil.com",
        "localhost.localdomain",
        "evil.localhost",
        "evil.com",
        "evil.com:8080",
        "ip6-localhost",
        "acuse",
        "xn--localhst-m7a",
        "localho\u017ft",
        // Dots.
        "localhost.",
        "localhost.:8080",
        "127.0.0.1.",
        ".localhost",
        // Other ways to write the same address.
        "127.1",
        "127.0.1",
        "127",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0x7f.0x0.0x0.0x1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.01",
        "127.000.000.001",
        "127.0.0.0x1",
        "127.0.0.256",
        "127.0.0.1.1",
        "127.0.0",
        "127..0.1",
        "127.0.0.-1",
        "127.0.0.1e0",
        "\u0661\u0662\u0667.0.0.1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "128.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        // IPv6.
        "::1",
        "[::]",
        "[::2]",
        "[0:0:0:0:0:0:0:1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::01]",
        "[::1%lo]",
        "[::1%25lo]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:127.0.0.01]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[fe80::1]",
        "[::1",
        "::1]",
        "[[::1]]",
        "[::1].evil.com",
        "[localhost]",
        "[127.0.0.1]",
        // Ports.
        "localhost:",
        "localhost:0",
        "localhost:080",
        "localhost:65536",
        "localhost:99999",
        "localhost:123456",
        "localhost:-1",
        "localhost:+80",
        "localhost:http",
        "localhost:80:80",
        "localhost:80.evil.com",
        "localhost:80@evil.com",
        // What is around it.
        "",
        " ",
        " localhost",
        "localhost ",
        "user@localhost",
        "evil.com@localhost",
        "localhost@evil.com",
        "localhost/",
        "localhost#",
        "localhost?",
        "http://localhost",
        "localhost,evil.com",
        "localhost, localhost",
        "localhost\\evil.com",
        "localhost%00.evil.com",
        "%6cocalhost",
        "localhost\n",
        "localhost\u0000"
      })
  void anythingElseIsNotWhateverItMayPointTo(String host) {
    assertThat(isLocal("Host", host)).isFalse();
  }

  @Test
  void oneHostIsNamedAndNotTwo() {
    assertThat(isLocal()).isFalse();
    assertThat(isLocal("Host", "localhost", "Host", "localhost")).isFalse();
    assertThat(isLocal("Host", "localhost", "host", "evil.com")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/api, localhost, true",
    "http://LOCALHOST:8080/api, localhost:8080, true",
    "http://[::1]/api, [::1], true",
    "/api, localhost, true",
    "http://evil.com/api, localhost, false",
    "http://localhost/api, evil.com, false",
    "http://127.0.0.1/api, localhost, false",
    "http://user@evil.com/api, localhost, false"
  })
  void whatARequestIsAddressedToCountsAsWell(String target, String host, boolean local) {
    assertThat(
            LocalRequest.isLocal(
                HERE, HttpVersion.HTTP_1_1, HttpURI.from(target), headers("Host", host)))
        .isEqualTo(local);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, http://localhost:8080, true",
    "localhost:8080, http://LOCALHOST:8080, true",
    "localhost, http://localhost, true",
    "localhost, http://localhost:80, true",
    "localhost:80, http://localhost, true",
    "127.0.0.1:8080, http://127.0.0.1:8080, true",
    "[::1]:8080, http://[::1]:8080, true",
    "[::ffff:127.0.0.1]:8080, http://[::ffff:127.0.0.1]:8080, true",
    // Another program on this machine.
    "localhost:8080, http://localhost:3000, false",
    "localhost:8080, http://localhost, false",
    "localhost, http://localhost:8080, false",
    "localhost:8080, http://127.0.0.1:8080, false",
    "127.0.0.1:8080, http://localhost:8080, false",
    "127.0.0.1:8080, http://127.0.0.2:8080, false",
    "[::1]:8080, http://[::ffff:127.0.0.1]:8080, false",
    "localhost, https://localhost, false",
    "localhost:8080, https://localhost:8080, false",
    "localhost, https://localhost:80, false",
    "localhost:8080, http://localhost:8080.evil.com, false",
    "localhost:8080, http://localhost.evil.com:8080, false",
    "localhost:8080, http://evil.com, false",
    "localhost:8080, http://evil.com:8080, false",
    "localhost:8080, http://localhost:8080@evil.com, false",
    "localhost:8080, http://user@localhost:8080, false",
    "localhost:8080, http://localhost:8080/, false",
    "localhost:8080, http://localhost:8080/x, false",
    "localhost:8080, http://localhost:8080?x, false",
    "localhost:8080, http://localhost:08080, false",
    "localhost:8080, localhost:8080, false",
    "localhost:8080, //localhost:8080, false",
    "localhost:8080, ftp://localhost:8080, false",
    "localhost:8080, file://, false",
    "localhost:8080, chrome-extension://abcdef, false",
    "localhost:8080, null, false",
    "localhost:8080, '', false",
    "localhost:8080, 'http://localhost:8080 http://evil.com', false",
    "localhost:8080, 'http://localhost:8080, http://localhost:8080', false"
  })
  void aPageIsOursIfItsOriginIsTheHostWithItsPort(String host, String origin, boolean local) {
    assertThat(isLocal("Host", host, "Origin", origin)).isEqualTo(local);
  }

  @Test
  void behindTlsTheSchemeAndItsPortAreOthers() {
    HttpURI tls = HttpURI.from("https://localhost/api");
    assertThat(
            LocalRequest.isLocal(
                HERE,
                HttpVersion.HTTP_1_1,
                tls,
                headers("Host", "localhost", "Origin", "https://localhost:443")))
        .isTrue();
    assertThat(
            LocalRequest.isLocal(
                HERE,
                HttpVersion.HTTP_1_1,
                tls,
                headers("Host", "localhost", "Origin", "http://localhost:443")))
        .isFalse();
  }

  @Test
  void whatABrowserSaysOfThePageCountsBesideTheOrigin() {
    String own = "http://localhost:8080";
    assertThat(isLocal("Host", "localhost", "Sec-Fetch-Site", "none")).isTrue();
    for (String site : List.of("cross-site", "same-site", "", "same-origin, none", "SAME-ORIGIN")) {
      assertThat(isLocal("Host", "localhost", "Sec-Fetch-Site", site)).as(site).isFalse();
    }
    assertThat(isLocal("Host", "localhost:8080", "Origin", own, "Sec-Fetch-Site", "same-origin"))
        .isTrue();
    assertThat(
            isLocal(
                "Host",
                "localhost:8080",
                "Origin",
                "http://localhost:3000",
                "Sec-Fetch-Site",
                "same-origin"))
        .isFalse();
    assertThat(isLocal("Host", "localhost:8080", "Origin", own, "Origin", own)).isFalse();
    assertThat(
            isLocal("Host", "localhost", "Sec-Fetch-Site", "none", "Sec-Fetch-Site", "cross-site"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "FORWARDED",
        "Via",
        "X-Via",
        "X-Forwarded",
        "X-Forwarded-For",
        "x-forwarded-proto",
        "X_Forwarded_For",
        "X-Forwarded-Host",
        "X-Forwarded-Server",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Client-Cert",
        "X-Forward-For",
        "X-Forwarder-For",
        "Forwarded-For",
        "Forwarded-For-Ip",
        "Z-Forwarded-For",
        "X-Original-Forwarded-For",
        "Max-Forwards",
        "X-Real-IP",
        "X-Real-Ip",
        "X-RealIP",
        "X-Real-Port",
        "True-Client-IP",
        "X-True-Client-IP",
        "Client-IP",
        "X-Client-IP",
        "X-ClientIP",
        "X-Client-Address",
        "HTTP-Client-IP",
        "HTTP_X_FORWARDED_FOR",
        "X-Cluster-Client-IP",
        "Cluster-Client-IP",
        "Fly-Client-IP",
        "Fly-Forwarded-Port",
        "Fly-Region",
        "Fastly-Client-IP",
        "Fastly-SSL",
        "CF-Connecting-IP",
        "Cf-Connecting-Ipv6",
        "CF-Pseudo-IPv4",
        "CF-Ray",
        "CF-Visitor",
        "CF-IPCountry",
        "CF-Worker",
        "CDN-Loop",
        "CloudFront-Viewer-Address",
        "X-Amz-Cf-Id",
        "X-Amzn-Trace-Id",
        "X-Envoy-External-Address",
        "X-Envoy-Expected-Rq-Timeout-Ms",
        "X-Envoy-Internal",
        "X-Azure-ClientIP",
        "X-Azure-SocketIP",
        "X-Azure-Ref",
        "X-Azure-FDID",
        "X-FD-HealthProbe-Host",
        "X-Appgw-Trace-Id",
        "X-ARR-SSL",
        "X-ARR-LOG-ID",
        "X-Appengine-User-IP",
        "X-AppEngine-Country",
        "X-Cloud-Trace-Context",
        "X-Goog-IAP-JWT-Assertion",
        "X-Original-URL",
        "X-Original-URI",
        "X-Original-Host",
        "X-Original-For",
        "X-Original-Proto",
        "X-Original-Remote-Addr",
        "X-Originating-IP",
        "X-Remote-IP",
        "X-Remote-Addr",
        "Remote-Addr",
        "X-Remote-User",
        "X-ProxyUser-Ip",
        "X-Proxy-Id",
        "Proxy-Connection",
        "Proxy-Authorization",
        "Proxy",
        "Proxy-Client-IP",
        "WL-Proxy-Client-IP",
        "X-NginX-Proxy",
        "X-Scheme",
        "X-Url-Scheme",
        "X-Rewrite-URL",
        "X-Host",
        "X-Forwarded-Scheme",
        "X-HTTP-Host-Override",
        "Front-End-Https",
        "X-SSL",
        "SSL-Client-Cert",
        "X-SSL-Client-Verify",
        "X-Client-Cert",
        "X-Varnish",
        "X-HAProxy-Server-State",
        "X-Haproxy-Current-Date",
        "X-Kong-Request-Id",
        "X-Consumer-Username",
        "X-Traefik-Router",
        "L5d-Dst-Canonical",
        "X-Vercel-Id",
        "X-Vercel-Forwarded-For",
        "X-Nf-Client-Connection-Ip",
        "X-Railway-Edge",
        "X-Request-Start",
        "X-Queue-Start",
        "Tailscale-User-Login",
        "X-Auth-Request-User",
        "X-Pomerium-Claim-Email",
        "Akamai-Origin-Hop",
        "X-Akamai-Edgescape",
        "Surrogate-Capability",
        "X-Incap-Client-Ip",
        "Incap-Client-IP",
        "X-Sucuri-ClientIP",
        "Ali-Cdn-Real-Ip",
        "X-BlueCoat-Via",
        "X-Source-IP",
        "Source-Ip",
        "X-IP",
        "X-Custom-IP-Authorization",
        "X-Peer-Address",
        "X-Gateway-Host",
        "X-Load-Balancer",
        "X-Some-New-Products-Client-Ip"
      })
  void anySignOfAProxyMakesARequestForeignWhateverItsValue(String header) {
    assertThat(isLocal("Host", "localhost", header, "127.0.0.1")).isFalse();
    assertThat(isLocal("Host", "localhost", header, "")).isFalse();
  }

  /** Browsers, curl, Prometheus, k6, JDK's client, and what ours take. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Access-Control-Request-Private-Network",
        "Authorization",
        "Cache-Control",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "DNT",
        "Date",
        "Device-Memory",
        "Downlink",
        "ECT",
        "Expect",
        "From",
        "HTTP2-Settings",
        "Idempotency-Key",
        "If-Modified-Since",
        "If-None-Match",
        "Keep-Alive",
        "Last-Event-ID",
        "Pragma",
        "Priority",
        "Purpose",
        "RTT",
        "Range",
        "Referer",
        "Save-Data",
        "Sec-CH-UA",
        "Sec-CH-UA-Full-Version-List",
        "Sec-CH-UA-Mobile",
        "Sec-CH-UA-Platform",
        "Sec-Fetch-Dest",
        "Sec-Fetch-Mode",
        "Sec-Fetch-User",
        "Sec-GPC",
        "Sec-Purpose",
        "Service-Worker",
        "TE",
        "Transfer-Encoding",
        "Upgrade",
        "Upgrade-Insecure-Requests",
        "User-Agent",
        "Viewport-Width",
        "X-Api-Key",
        "X-B3-TraceId",
        "X-Correlation-Id",
        "X-HTTP-Method-Override",
        "X-Idempotency-Key",
        "X-Prometheus-Scrape-Timeout-Seconds",
        "X-Request-Id",
        "X-Requested-With",
        "X-Signature",
        "traceparent",
        "tracestate"
      })
  void whatClientsOnThisMachineSendIsNoSignOfOne(String header) {
    assertThat(isLocal("Host", "localhost", header, "x")).isTrue();
  }

  @Test
  void itMustComeFromThisMachineAndByNoOldVersion() {
    HttpURI target = HttpURI.from("/api");
    HttpFields headers = headers("Host", "localhost");
    assertThat(LocalRequest.isLocal(HERE, HttpVersion.HTTP_1_1, target, headers)).isTrue();
    assertThat(LocalRequest.isLocal(peer(127, 3, 2, 1), HttpVersion.HTTP_2, target, headers))
        .isTrue();
    assertThat(LocalRequest.isLocal(HERE, HttpVersion.HTTP_1_0, target, headers)).isFalse();
    assertThat(LocalRequest.isLocal(HERE, HttpVersion.HTTP_0_9, target, headers)).isFalse();
    assertThat(LocalRequest.isLocal(peer(10, 0, 0, 1), HttpVersion.HTTP_1_1, target, headers))
        .isFalse();
    assertThat(LocalRequest.isLocal(null, HttpVersion.HTTP_1_1, target, headers)).isFalse();
    assertThat(
            LocalRequest.isLocal(
                InetSocketAddress.createUnresolved("127.0.0.1", 1),
                HttpVersion.HTTP_1_1,
                target,
                headers))
        .as("an address that a header claims")
        .isFalse();
  }

  private static boolean isLocal(String... headers) {
    return LocalRequest.isLocal(
        HERE, HttpVersion.HTTP_1_1, HttpURI.build("/api").scheme("http"), headers(headers));
  }

  private static HttpFields headers(String... namesAndValues) {
    HttpFields.Mutable headers = HttpFields.build();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  private static SocketAddress peer(int... bytes) {
    try {
      byte[] address = {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]};
      return new InetSocketAddress(InetAddress.getByAddress(address), 50_000);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
