package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import java.util.List;

/**
 * {@code GET /v1/chargebacks/{id}}, {@code /v1/chargebacks/search}, which finds by payment only,
 * and {@code /post-purchase/v1/claims/{id}}.
 */
final class DisputeRoutes {
  private static final String CHARGEBACKS = "/v1/chargebacks/";
  private static final String CLAIMS = "/post-purchase/v1/claims/";
  private static final int LIMIT = 30;

  private DisputeRoutes() {}

  static boolean isOurs(Request request) {
    return request.path().startsWith(CHARGEBACKS) || request.path().startsWith(CLAIMS);
  }

  static Reply answer(Request request, SandboxSeller caller) throws Refusal {
    if (request.path().equals(CHARGEBACKS + "search")) {
      return search(request, caller);
    }
    String chargeback = request.segment(CHARGEBACKS, "");
    if (chargeback != null) {
      refuseIfSo(chargeback, caller);
      return caller
          .disputes()
          .chargeback(chargeback)
          .map(found -> Reply.json(200, DisputeJson.of(found)))
          .orElseThrow(() -> MercadoPagoErrors.notFound("Chargeback not found"));
    }
    String claim = request.segment(CLAIMS, "");
    if (claim != null) {
      refuseIfSo(claim, caller);
      return caller
          .disputes()
          .claim(MercadoPagoRoutes.number(claim))
          .map(found -> Reply.json(200, DisputeJson.of(found, caller)))
          .orElseThrow(() -> MercadoPagoErrors.notFound("Claim not found"));
    }
    throw new Refusal(MercadoPagoErrors.of(404));
  }

  private static void refuseIfSo(String id, SandboxSeller caller) throws Refusal {
    int refusal = caller.disputes().refusal(id);
    if (refusal != 200) {
      throw MercadoPagoErrors.refused(refusal);
    }
  }

  private static Reply search(Request request, SandboxSeller caller) throws Refusal {
    String payment = request.parameter("payment_id");
    if (payment == null || !payment.matches("\\d{1,18}")) {
      throw MercadoPagoErrors.invalid("bad_request", "Wrong parameters in Search Cases");
    }
    List<SandboxChargeback> found = caller.disputes().chargebacksOf(Long.parseLong(payment));
    ObjectNode json = Json.object();
    json.putObject("paging").put("total", found.size()).put("limit", LIMIT).put("offset", 0);
    ArrayNode results = json.putArray("results");
    found.stream().limit(LIMIT).map(DisputeJson::of).forEach(results::add);
    return Reply.json(200, json);
  }
}
