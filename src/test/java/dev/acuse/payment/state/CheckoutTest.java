package dev.acuse.payment.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.junit.jupiter.api.Test;

class CheckoutTest {
  @Test
  void whatAVersionBeforeHasWrittenDownIsOfTheOnlyAccount() throws Exception {
    String before =
        """
        {"id": 7, "externalReference": "a1", "contactId": "c1", "title": "Course", "amount": 10,
         "currency": "ARS", "status": "open", "createdAt": "2026-03-02T10:05:09Z",
         "updatedAt": "2026-03-02T10:05:09Z"%s}
        """;
    ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());

    assertThat(json.readValue(before.formatted(""), Checkout.class).accountId()).isEqualTo(1);
    assertThat(json.readValue(before.formatted(", \"accountId\": 2"), Checkout.class).accountId())
        .isEqualTo(2);
  }
}
