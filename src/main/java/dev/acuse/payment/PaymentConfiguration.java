package dev.acuse.payment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

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

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  @JsonProperty
  private Duration tagClaim = Duration.seconds(30);

  /**
   * Whether a payment without a known contact may ask the CRM for the payer's e-mail address. Off
   * by default, because an address is a weak proof of who paid.
   */
  public boolean findContactByEmail() {
    return findContactByEmail;
  }

  /**
   * How long one handler keeps others from tagging for the same payment. It should be longer than
   * the CRM's time-out, or two handlers may call it at once.
   */
  public java.time.Duration tagClaim() {
    return tagClaim.toJavaDuration();
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

  /** The rules that the configuration amounts to. */
  public TagRules tagRules() {
    return new TagRules(tags);
  }
}
