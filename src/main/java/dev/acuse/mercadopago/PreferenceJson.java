package dev.acuse.mercadopago;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteException;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes and reads the preferences of Checkout Pro. */
final class PreferenceJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private static final Pattern LINK = Pattern.compile("https?://[!-~]{1,1000}");

  private PreferenceJson() {}

  /** The same checkout always gives the same text. */
  static String of(CheckoutRequest checkout, @Nullable String notificationUrl) {
    ObjectNode preference = JsonNodeFactory.instance.objectNode();
    preference
        .putArray("items")
        .addObject()
        .put("id", checkout.externalReference())
        .put("title", checkout.title())
        .put("quantity", 1)
        .put("unit_price", plain(checkout.amount()))
        .put("currency_id", checkout.currency());
    if (checkout.payerEmail() != null) {
      preference.putObject("payer").put("email", checkout.payerEmail());
    }
    preference.put("external_reference", checkout.externalReference());
    // MercadoPago copies a preference's metadata to its payments; lower-case keys stay as they are
    preference
        .putObject("metadata")
        .put("acuse_external_reference", checkout.externalReference())
        .put("contact_id", checkout.contactId());
    if (notificationUrl != null) {
      preference.put("notification_url", webhooksOnly(notificationUrl));
    }
    try {
      return JSON.writeValueAsString(preference);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can always be written", e);
    }
  }

  /** 100, 100.0 and 100.00 are one amount, and must give one idempotency key. */
  private static BigDecimal plain(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** A {@code notification_url} gets each notification as IPN too, unless it says otherwise. */
  private static String webhooksOnly(String url) {
    if (url.contains("source_news=")) {
      return url;
    }
    return url + (url.contains("?") ? "&" : "?") + "source_news=webhooks";
  }

  static Preference read(RemoteAnswer answer, CheckoutRequest checkout) throws RemoteException {
    JsonNode json = answer.object();
    String id = MercadoPagoJson.whole(json, "id", 128);
    String link = MercadoPagoJson.whole(json, "init_point", 1024);
    if (id == null || link == null || !LINK.matcher(link).matches()) {
      throw answer.notUnderstood("a preference without an id or a link to pay");
    }
    String reference = MercadoPagoJson.whole(json, "external_reference", 256);
    if (reference != null && !reference.equals(checkout.externalReference().strip())) {
      throw answer.notUnderstood("a preference for something else");
    }
    return new Preference(id, link);
  }
}
