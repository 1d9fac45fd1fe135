package dev.acuse.faults;

import dev.acuse.faults.Row.Injection;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import java.time.Duration;
import java.util.List;

/** What may happen to MercadoPago and the CRM. */
final class RemoteFaults {

  private RemoteFaults() {}

  static List<Row> all() {
    return List.of(
        Row.answered(
            "P8 MercadoPago: a third 500, 429, dropped or garbage",
            Site.Kind.POSTGRESQL,
            mercadoPago(
                Duration.ofSeconds(8),
                Fault.status(500),
                Fault.tooManyRequests("1"),
                Fault.drop(),
                Fault.garbage(GarbageKind.HTML))),
        Row.answered(
            "P10 MercadoPago takes 3 s",
            Site.Kind.H2,
            stage -> {
              stage.sandbox().mercadoPago().faults().latency(Duration.ofSeconds(3));
              Stage.during(Duration.ofSeconds(5));
              stage.sandbox().mercadoPago().faults().none();
            }),
        Row.answered(
            "P12 MercadoPago refuses the token for 6 s",
            Site.Kind.POSTGRESQL,
            stage -> {
              stage.sandbox().mercadoPago().faults().always(401);
              Stage.during(Duration.ofSeconds(6));
              stage.sandbox().mercadoPago().faults().none();
            }),
        Row.answered("P15 CRM out for 15 s", Site.Kind.POSTGRESQL, crmOut(Duration.ofSeconds(15))),
        Row.answered("F20 payments change while told of in any order", Site.Kind.H2, changes()));
  }

  /** A third of MercadoPago's answers is one of these. */
  static Injection mercadoPago(Duration time, Fault... faults) {
    return stage -> {
      stage.sandbox().mercadoPago().faults().random(0.3, faults);
      Stage.during(time);
      stage.sandbox().mercadoPago().faults().none();
    };
  }

  static Injection crmOut(Duration time) {
    return stage -> {
      stage.sandbox().goHighLevel().faults().always(503);
      Stage.during(time);
      stage.sandbox().goHighLevel().faults().none();
    };
  }

  /** Half of the payments are in mediation and won again, the rest refunded. */
  private static Injection changes() {
    return stage -> {
      for (long payment : stage.payments()) {
        Stage.during(Duration.ofMillis(150));
        if (payment % 2 == 0) {
          stage.sandbox().mercadoPago().change(payment, "in_mediation", "pending");
          stage.sandbox().mercadoPago().change(payment, PaymentOutcome.APPROVED);
        } else {
          stage.sandbox().mercadoPago().refund(payment);
        }
      }
      Stage.during(Duration.ofSeconds(2));
    };
  }
}
