package dev.acuse.payment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an operator may decide about payments and tags. */
public final class PaymentConfiguration {
  private static final String NO_CONTROL_CHARACTERS = "\\P{Cntrl}*";

  @NotNull @JsonProperty
  private Map<
          @NotBlank String,
          @NotNull List<
              @NotBlank @Size(max = TagRules.MAX_TAG_LENGTH)
              @Pattern(
                  regexp = NO_CONTROL_CHARACTERS,
                  message = "must not hold a control character")
              String>>
      tags = Map.of("approved", List.of("pago_confirmado"));

  @JsonProperty private boolean findContactByEmail;

  /** Of a version before; see {@link #namesTagClaim}. */
  @JsonProperty private @Nullable String tagClaim;

  /**
   * Whether a payment without a known contact may ask the CRM for the payer's e-mail address. Off
   * by default, because an address is a weak proof of who paid.
   */
  public boolean findContactByEmail() {
    return findContactByEmail;
  }

  /**
   * Whether {@code tagClaim} is set, which a version before had. No claim of tags is left that it
   * could say anything about.
   */
  public boolean namesTagClaim() {
    return tagClaim != null && !tagClaim.isBlank();
  }

  /** No two keys of {@code tags} are the same status. */
  @JsonIgnore
  @ValidationMethod(message = "tags names a status twice (case and blanks do not count)")
  public boolean isEveryStatusNamedOnce() {
    // A missing map and a blank key have a message of their own.
    return tags == null
        || tags.keySet().stream().anyMatch(String::isBlank)
        || tags.keySet().stream().map(TagRules::statusOf).distinct().count() == tags.size();
  }

  /** The tags that the configuration amounts to. */
  public TagRules tagRules() {
    return new TagRules(tags);
  }

  /**
   * The rules that the configuration amounts to.
   *
   * @param collectorId the MercadoPago account that must have been paid; null compares none
   */
  public PaymentRules rules(@Nullable String collectorId) {
    return new PaymentRules(tagRules(), collectorId, findContactByEmail);
  }
}
