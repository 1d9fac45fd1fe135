package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.Routes;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/**
 * The page behind a preference's {@code init_point}: shows what is to be paid, and buttons that pay
 * it well or badly. A person's way into the sandbox.
 */
final class CheckoutPage implements Routes {
  static final String PATH = "/_checkout";

  private final Function<String, Optional<SandboxPreference>> preferences;

  /**
   * @param preferences by id
   */
  CheckoutPage(Function<String, Optional<SandboxPreference>> preferences) {
    this.preferences = preferences;
  }

  @Override
  public Reply answer(Request request) throws Refusal {
    String id = request.parameter("pref_id");
    if (id == null) {
      throw new Refusal(Reply.html(400, "<p>pref_id is missing</p>"));
    }
    try {
      return Reply.html(200, page(preferences.apply(id).orElseThrow()));
    } catch (NoSuchElementException e) {
      throw new Refusal(Reply.html(404, "<p>There is no such preference.</p>"));
    }
  }

  private static String page(SandboxPreference preference) {
    return """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>Sandbox checkout</title>
        <h1>%s</h1>
        <p>%s %s, reference %s</p>
        <form method="post">
        <button formaction="/_sandbox/pay?preference_id=%5$s&amp;status=approved">Pay</button>
        <button formaction="/_sandbox/pay?preference_id=%5$s&amp;status=rejected">Be rejected</button>
        <button formaction="/_sandbox/pay?preference_id=%5$s&amp;status=pending">Pay later</button>
        </form></html>
        """
        .formatted(
            escape(preference.title()),
            Json.money(preference.terms().amount()).toPlainString(),
            escape(preference.terms().currency()),
            escape(String.valueOf(preference.externalReference())),
            escape(preference.id()));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
