package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.ExternalId;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MercadoPago's chargebacks and claims, asked by an account's client. That an application may not
 * read these is no refusal of its token. Thread-safe; keeps nothing.
 */
public final class MercadoPagoCases {
  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoCases.class);

  private final MercadoPagoClient client;

  /**
   * @param client the account's; its guards are asked, and what it says of strangers holds
   */
  public MercadoPagoCases(MercadoPagoClient client) {
    this.client = client;
  }

  /**
   * A chargeback as it is now.
   *
   * @throws RemoteException sorted by what to do next; 403 and 404 are a {@link
   *     RemoteException.Rejected}
   */
  public Chargeback chargeback(String id) throws RemoteException {
    return ask("v1/chargebacks", id, (json, answer) -> CaseJson.chargeback(json, id));
  }

  /**
   * A claim as it is now. Its notification names a path, which is never followed.
   *
   * @throws RemoteException sorted by what to do next; 403 and 404 are a {@link
   *     RemoteException.Rejected}
   */
  public Claim claim(String id) throws RemoteException {
    return ask(
        "post-purchase/v1/claims",
        id,
        (json, answer) -> {
          Claim claim = CaseJson.claim(json, id);
          if (claim.status() == null) {
            throw answer.bad("a claim without a status");
          }
          return claim;
        });
  }

  private interface Reading<T> {
    T of(JsonNode json, RemoteAnswer answer) throws RemoteException;
  }

  private <T> T ask(String path, String id, Reading<T> reading) throws RemoteException {
    if (!ExternalId.matches(id)) {
      // as MercadoPago would answer, but it must not get into a URL to be asked
      throw new RemoteException.Rejected("not an id of MercadoPago's; it was not asked", 400);
    }
    return client.ask(
        api -> api.path(path).path(id),
        answer -> {
          JsonNode json = answer.object();
          if (!id.equals(MercadoPagoJson.id(json))) {
            throw answer.bad("another case than the one asked for, or one without an id");
          }
          return reading.of(json, answer);
        },
        MercadoPagoRefusals.OF_CASES);
  }

  /**
   * The chargebacks of a payment; MercadoPago lists none by anything else.
   *
   * @throws RemoteException sorted by what to do next
   */
  public List<Chargeback> chargebacksOf(String mpPaymentId) throws RemoteException {
    return client.ask(
        api -> api.path("v1/chargebacks/search").queryParam("payment_id", mpPaymentId),
        answer -> readPage(answer, mpPaymentId),
        MercadoPagoRefusals.OF_CASES);
  }

  private static List<Chargeback> readPage(RemoteAnswer answer, String mpPaymentId)
      throws RemoteException {
    JsonNode results = answer.object().path("results");
    if (!results.isArray()) {
      throw answer.bad("a search without results");
    }
    List<Chargeback> found = new ArrayList<>();
    for (JsonNode result : results) {
      String id = MercadoPagoJson.id(result);
      if (id == null) {
        LOGGER.warn("MercadoPago's search found a chargeback without an id: left out");
        continue;
      }
      Chargeback chargeback = CaseJson.chargeback(result, id);
      // A search that leaves the payment out of account shows what is not asked for.
      if (chargeback.paymentIds().isEmpty() || chargeback.paymentIds().contains(mpPaymentId)) {
        found.add(chargeback);
      }
    }
    return found;
  }
}
