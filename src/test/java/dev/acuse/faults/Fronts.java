package dev.acuse.faults;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.support.RawServer.Answer;
import dev.acuse.support.TcpProxy;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands before MercadoPago, GoHighLevel and the address for alerts, and may misbehave. */
final class Fronts implements AutoCloseable {
  private final TcpProxy mercadoPago;
  private final TcpProxy goHighLevel;

  /** Behind it is the sandbox's MercadoPago, which answers 404: nobody reads alerts. */
  private final TcpProxy alerts;

  Fronts(Sandbox sandbox) {
    mercadoPago = new TcpProxy(sandbox.mercadoPagoUrl().getPort());
    goHighLevel = new TcpProxy(sandbox.goHighLevelUrl().getPort());
    alerts = new TcpProxy(sandbox.mercadoPagoUrl().getPort());
  }

  /** How the service finds them. */
  Map<String, String> settings() {
    return Map.of(
        "MP_BASE_URL", url(mercadoPago).toString(),
        "GHL_BASE_URL", url(goHighLevel).toString(),
        "ACUSE_ALERT_WEBHOOK", url(alerts) + "/alerts");
  }

  private static URI url(TcpProxy proxy) {
    return URI.create("http://127.0.0.1:" + proxy.port());
  }

  /** It answers with this; null for what stands behind it. */
  void mercadoPago(@Nullable Answer answer) {
    mercadoPago.answer(answer);
  }

  void goHighLevel(@Nullable Answer answer) {
    goHighLevel.answer(answer);
  }

  void alerts(@Nullable Answer answer) {
    alerts.answer(answer);
  }

  @Override
  public void close() {
    mercadoPago.close();
    goHighLevel.close();
    alerts.close();
  }
}
