package dev.acuse.console;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.acuse.console.session.ConsoleUsers;
import dev.acuse.text.Secret;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the console.
 *
 * @param users {@code name:role:hash}, several with commas between them ({@code
 *     ACUSE_CONSOLE_USERS}); blank: the console answers to its own machine only
 * @param sessionIdle after this long without a request a session ends
 * @param sessionLife after this long a session ends in any case
 * @param contactUrl the page of a contact in GoHighLevel, with {@code {contact}} in it; blank: none
 * @param paymentUrl the page of a payment at MercadoPago, with {@code {payment}} in it; blank: none
 */
public record ConsoleConfiguration(
    Secret users,
    @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) Duration sessionIdle,
    @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) Duration sessionLife,
    @Pattern(regexp = "|https://\\S+", message = "must begin with https://") String contactUrl,
    @Pattern(regexp = "|https://\\S+", message = "must begin with https://") String paymentUrl) {

  /** Fills in what is not set. */
  public ConsoleConfiguration(
      @Nullable Secret users,
      @Nullable Duration sessionIdle,
      @Nullable Duration sessionLife,
      @Nullable String contactUrl,
      @Nullable String paymentUrl) {
    this.users = users == null ? Secret.NONE : users;
    this.sessionIdle = sessionIdle == null ? Duration.hours(8) : sessionIdle;
    this.sessionLife = sessionLife == null ? Duration.hours(24) : sessionLife;
    this.contactUrl = contactUrl == null ? "" : contactUrl.strip();
    this.paymentUrl = paymentUrl == null ? "" : paymentUrl.strip();
  }

  /** What holds where nothing is configured. */
  public static ConsoleConfiguration defaults() {
    return new ConsoleConfiguration(null, null, null, null, null);
  }

  /** The message names no part of the value: it may be a password by mistake. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "users (ACUSE_CONSOLE_USERS) must be name:role:hash, with commas between users; the role"
              + " is viewer or operator, the hash bcrypt's as the command password prints it, and no"
              + " name is there twice")
  public boolean isUsersReadable() {
    return ConsoleUsers.areReadable(users.reveal());
  }
}
