package dev.acuse.sandbox;

import static dev.acuse.sandbox.Levers.flag;
import static dev.acuse.sandbox.Levers.refusal;
import static dev.acuse.sandbox.Levers.required;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxChargeback;
import dev.acuse.sandbox.mercadopago.SandboxClaim;
import dev.acuse.sandbox.mercadopago.SandboxDisputes;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The levers of chargebacks and claims: {@code POST /_sandbox/chargeback} and {@code
 * /_sandbox/claim} open one, and the others below them take its {@code id}; {@code
 * docs/reference/sandbox.md} lists them.
 */
final class DisputeLevers {
  static final List<String> NAMES = List.of("chargeback", "claim", "dispute");

  private final SandboxMercadoPago mercadoPago;
  private final AccountLevers accounts;

  DisputeLevers(SandboxMercadoPago mercadoPago, AccountLevers accounts) {
    this.mercadoPago = mercadoPago;
    this.accounts = accounts;
  }

  /**
   * Moves a lever.
   *
   * @param name of the lever, one of {@link #NAMES} or one below it
   */
  Reply answer(String name, Request request) throws Refusal {
    return switch (name) {
      case "chargeback" -> open(request);
      case "chargeback/settle" -> view(ofChargeback(request).settle(id(request)));
      case "chargeback/reimburse" -> view(ofChargeback(request).reimburse(id(request)));
      case "chargeback/document" ->
          view(ofChargeback(request).document(id(request), required(request, "status")));
      case "chargeback/deadline" ->
          view(ofChargeback(request).deadline(id(request), instant(request)));
      case "claim" -> openClaim(request);
      case "claim/move" ->
          view(
              ofClaim(request)
                  .moveClaim(
                      claimId(request),
                      request.query().getOrDefault("status", "opened"),
                      required(request, "stage")));
      case "claim/due" -> view(ofClaim(request).dueClaim(claimId(request), instant(request)));
      case "claim/close" -> close(request);
      case "dispute/refuse" -> refuse(request);
      case "dispute/traits" -> traits(request);
      default ->
          throw refusal(
              404,
              "chargeback, chargeback/settle, chargeback/reimburse, chargeback/document,"
                  + " chargeback/deadline, claim, claim/move, claim/due, claim/close,"
                  + " dispute/refuse or dispute/traits");
    };
  }

  private Reply open(Request request) throws Refusal {
    long[] payments =
        Levers.each(request, "payment_id", id -> Optional.of(Long.valueOf(id)), "no number")
            .stream()
            .mapToLong(Long::longValue)
            .toArray();
    if (payments.length == 0) {
      throw refusal(400, "payment_id is missing");
    }
    SandboxDisputes disputes = accounts.holder(request, payments[0]).disputes();
    boolean quiet = Boolean.TRUE.equals(flag(request, "quiet"));
    return view(quiet ? disputes.openQuietly(payments) : disputes.open(payments));
  }

  private Reply openClaim(Request request) throws Refusal {
    String resource = request.query().getOrDefault("resource", "payment");
    if (!resource.equals("payment")) {
      return view(
          accounts
              .seller(request)
              .disputes()
              .openClaim(resource, required(request, "resource_id")));
    }
    long payment = Long.parseLong(required(request, "payment_id"));
    return view(accounts.holder(request, payment).disputes().openClaim(payment));
  }

  private Reply close(Request request) throws Refusal {
    String reason = request.query().getOrDefault("reason", "payment_refunded");
    String status = request.query().getOrDefault("payment_status", "refunded");
    PaymentOutcome outcome =
        PaymentOutcome.of(status).orElseThrow(() -> refusal(400, "unknown payment_status"));
    return view(ofClaim(request).closeClaim(claimId(request), reason, outcome));
  }

  private Reply refuse(Request request) throws Refusal {
    int status = Integer.parseInt(required(request, "status"));
    if (status != 200 && (status < 400 || status > 599)) {
      throw refusal(400, "status is 400 to 599, or 200 for no more of it");
    }
    String id = id(request);
    holder(
            request,
            seller ->
                seller.disputes().chargeback(id).isPresent()
                    || (id.matches("\\d{1,18}")
                        && seller.disputes().claim(Long.parseLong(id)).isPresent()))
        .refuse(id, status);
    return Reply.json(200, Json.object().put("id", id).put("status", status));
  }

  private Reply traits(Request request) throws Refusal {
    SandboxChargeback.Trait[] traits =
        Levers.each(request, "trait", SandboxChargeback.Trait::of, "unknown trait")
            .toArray(SandboxChargeback.Trait[]::new);
    accounts.seller(request).disputes().traits(traits);
    return Reply.json(200, Json.object().put("traits", traits.length));
  }

  private SandboxDisputes ofChargeback(Request request) throws Refusal {
    String id = id(request);
    return holder(request, seller -> seller.disputes().chargeback(id).isPresent());
  }

  private SandboxDisputes ofClaim(Request request) throws Refusal {
    long id = claimId(request);
    return holder(request, seller -> seller.disputes().claim(id).isPresent());
  }

  /** Of the seller that is named, or else of the one that has the case. */
  private SandboxDisputes holder(Request request, Predicate<SandboxSeller> has) throws Refusal {
    if (request.parameter("seller") != null) {
      return accounts.seller(request).disputes();
    }
    return mercadoPago.sellers().stream()
        .filter(has)
        .findFirst()
        .orElseGet(mercadoPago::seller)
        .disputes();
  }

  private static String id(Request request) throws Refusal {
    return required(request, "id");
  }

  private static long claimId(Request request) throws Refusal {
    return Long.parseLong(id(request));
  }

  /** {@code at}; null for {@code none}. */
  private static @Nullable Instant instant(Request request) throws Refusal {
    String text = required(request, "at");
    if (text.equals("none")) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw refusal(400, "at is a moment, as 2026-12-01T12:00:00Z, or none");
    }
  }

  private static Reply view(SandboxChargeback chargeback) {
    ObjectNode json = Json.object();
    json.put("id", chargeback.id());
    chargeback.payments().forEach(json.putArray("payment_ids")::add);
    json.put("documentation_status", chargeback.documentationStatus());
    json.put("deadline", text(chargeback.deadline()));
    return Reply.json(200, json);
  }

  private static Reply view(SandboxClaim claim) {
    ObjectNode json = Json.object();
    json.put("id", claim.id());
    json.put("resource", claim.resource());
    json.put("resource_id", claim.resourceId());
    json.put("status", claim.status());
    json.put("stage", claim.stage());
    json.put("due_date", text(claim.dueDate()));
    return Reply.json(200, json);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
