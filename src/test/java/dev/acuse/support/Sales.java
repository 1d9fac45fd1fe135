package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import java.io.IOException;

/** Sales at a service that runs as a process of its own. */
public final class Sales {
  private Sales() {}

  /** Registers a checkout for {@code contact<number>} and has it paid; answers the payment's id. */
  public static String sell(AcuseProcess acuse, Sandbox sandbox, int number) {
    sandbox.goHighLevel().addContact("contact" + number, null);
    int status =
        acuse.post(
            "/api/checkouts",
            """
            {"external_reference": "order-%d", "contact_id": "contact%d", "amount": 10,
             "currency": "ARS", "title": "Consulta"}
            """
                .formatted(number, number));
    assertThat(status).isEqualTo(201);
    return String.valueOf(
        sandbox.mercadoPago().pay("order-" + number, PaymentOutcome.APPROVED).payment().id());
  }

  /** Tells the service of a payment, as MercadoPago does. */
  public static void notify(AcuseProcess acuse, Sandbox sandbox, String payment)
      throws IOException {
    assertThat(
            sandbox
                .notifier(acuse.url("/webhooks/mp"))
                .send(sandbox.notifications().paymentCreated(payment))
                .status())
        .isEqualTo(200);
  }
}
