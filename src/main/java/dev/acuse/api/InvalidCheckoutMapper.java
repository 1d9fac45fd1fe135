package dev.acuse.api;

import dev.acuse.payment.InvalidCheckoutException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers a checkout whose content breaks a rule. */
final class InvalidCheckoutMapper implements ExceptionMapper<InvalidCheckoutException> {
  @Override
  public Response toResponse(InvalidCheckoutException failure) {
    return Problem.of(400, "invalid_parameter", failure.getMessage()).response().build();
  }
}
