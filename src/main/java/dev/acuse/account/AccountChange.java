package dev.acuse.account;

import dev.acuse.text.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What shall be otherwise of an account; only the fields that are given. {@link #NONE} and the
 * methods {@code with…} make one, and null empties a field.
 */
public record AccountChange(
    Given<String> displayName,
    Given<Long> applicationId,
    Given<String> sellerId,
    Given<String> site,
    Given<Secret> accessToken,
    Given<Secret> refreshToken,
    Given<Instant> tokenExpiresAt,
    Given<Secret> crmToken,
    Given<String> locationId) {
  /** Nothing. */
  public static final AccountChange NONE =
      new AccountChange(
          Given.not(),
          Given.not(),
          Given.not(),
          Given.not(),
          Given.not(),
          Given.not(),
          Given.not(),
          Given.not(),
          Given.not());

  /**
   * Looks at the form of what is given, as far as it can be judged by itself.
   *
   * @throws AccountProblem if it can never be
   */
  public void check() {
    FieldRules.checkSeller(sellerId.value());
    FieldRules.checkSite(site.value());
    FieldRules.checkLocation(locationId.value());
    FieldRules.checkAccessToken(orNone(accessToken));
    FieldRules.checkRefreshToken(orNone(refreshToken));
    FieldRules.checkCrmToken(orNone(crmToken));
  }

  private static Secret orNone(Given<Secret> given) {
    Secret value = given.value();
    return value == null ? Secret.NONE : value;
  }

  /** What people read; not null. */
  public AccountChange withDisplayName(@Nullable String value) {
    return new AccountChange(
        Given.of(value),
        applicationId,
        sellerId,
        site,
        accessToken,
        refreshToken,
        tokenExpiresAt,
        crmToken,
        locationId);
  }

  /** Whose webhooks are its; not null. */
  public AccountChange withApplicationId(@Nullable Long value) {
    return new AccountChange(
        displayName,
        Given.of(value),
        sellerId,
        site,
        accessToken,
        refreshToken,
        tokenExpiresAt,
        crmToken,
        locationId);
  }

  /** MercadoPago's user id. */
  public AccountChange withSellerId(@Nullable String value) {
    return new AccountChange(
        displayName,
        applicationId,
        Given.of(value),
        site,
        accessToken,
        refreshToken,
        tokenExpiresAt,
        crmToken,
        locationId);
  }

  /** The country's, as MLA. */
  public AccountChange withSite(@Nullable String value) {
    return new AccountChange(
        displayName,
        applicationId,
        sellerId,
        Given.of(value),
        accessToken,
        refreshToken,
        tokenExpiresAt,
        crmToken,
        locationId);
  }

  /** Null or none removes it. */
  public AccountChange withAccessToken(@Nullable Secret value) {
    return new AccountChange(
        displayName,
        applicationId,
        sellerId,
        site,
        Given.of(value),
        refreshToken,
        tokenExpiresAt,
        crmToken,
        locationId);
  }

  /** Null or none removes it. */
  public AccountChange withRefreshToken(@Nullable Secret value) {
    return new AccountChange(
        displayName,
        applicationId,
        sellerId,
        site,
        accessToken,
        Given.of(value),
        tokenExpiresAt,
        crmToken,
        locationId);
  }

  /** When the access token ends. */
  public AccountChange withTokenExpiresAt(@Nullable Instant value) {
    return new AccountChange(
        displayName,
        applicationId,
        sellerId,
        site,
        accessToken,
        refreshToken,
        Given.of(value),
        crmToken,
        locationId);
  }

  /** Null or none removes it. */
  public AccountChange withCrmToken(@Nullable Secret value) {
    return new AccountChange(
        displayName,
        applicationId,
        sellerId,
        site,
        accessToken,
        refreshToken,
        tokenExpiresAt,
        Given.of(value),
        locationId);
  }

  /** The sub-account at the CRM. */
  public AccountChange withLocationId(@Nullable String value) {
    return new AccountChange(
        displayName,
        applicationId,
        sellerId,
        site,
        accessToken,
        refreshToken,
        tokenExpiresAt,
        crmToken,
        Given.of(value));
  }
}
