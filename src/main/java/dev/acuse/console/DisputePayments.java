package dev.acuse.console;

import dev.acuse.api.NamedPayment;
import java.util.List;
import java.util.Map;

/**
 * The payments of the disputes of a page.
 *
 * @param byDispute by our id of the dispute
 */
public record DisputePayments(Map<Long, List<NamedPayment>> byDispute) {
  /** Copies the map. */
  public DisputePayments {
    byDispute = Map.copyOf(byDispute);
  }

  /** Those of one dispute. */
  public List<NamedPayment> of(long dispute) {
    return byDispute.getOrDefault(dispute, List.of());
  }
}
