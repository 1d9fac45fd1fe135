package dev.acuse.mercadopago;

import dev.acuse.intake.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds deliveries as MercadoPago sends them, and as others might. */
public final class Deliveries {
  public static final String REQUEST_ID = "7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10";
  public static final String TS = "1704908010";

  private final Map<String, List<String>> headers = new LinkedHashMap<>();
  private @Nullable String query;
  private byte[] body = new byte[0];
  private @Nullable String account;

  private Deliveries() {
    header("x-request-id", REQUEST_ID);
  }

  public static Deliveries delivery(@Nullable String query, String body) {
    return delivery(query, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Deliveries delivery(@Nullable String query, byte[] body) {
    var delivery = new Deliveries();
    delivery.query = query;
    delivery.body = body;
    return delivery;
  }

  public Deliveries header(String name, String value) {
    headers.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    return this;
  }

  public Deliveries without(String name) {
    headers.remove(name);
    return this;
  }

  /** Signed by the manifest rules for this id; null for a signature that covers none. */
  public Deliveries signedFor(@Nullable String id) {
    return signedFor(Signer.SECRET, id);
  }

  public Deliveries signedFor(String secret, @Nullable String id) {
    String idPart = id == null ? "" : "id:" + id + ";";
    String manifest = idPart + "request-id:" + REQUEST_ID + ";ts:" + TS + ";";
    return header("x-signature", Signer.header(secret, TS, manifest));
  }

  /** To the address of this account; null for the one that all share. */
  public Deliveries to(@Nullable String name) {
    account = name;
    return this;
  }

  public Delivery build() {
    return new Delivery(body, query, headers, account);
  }
}
