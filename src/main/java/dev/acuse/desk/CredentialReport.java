package dev.acuse.desk;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the credentials of an account can and can't do. */
public record CredentialReport(MercadoPago mercadoPago, Crm crm) {

  /**
   * At MercadoPago.
   *
   * @param userId whose the token is; null if that was not told
   * @param site the country's; null likewise
   * @param isTestUser null likewise
   */
  public record MercadoPago(
      List<Ability> abilities,
      @Nullable String userId,
      @Nullable String site,
      @Nullable Boolean isTestUser) {
    /** Copies the list. */
    public MercadoPago {
      abilities = List.copyOf(abilities);
    }

    static MercadoPago only(Ability ability) {
      return new MercadoPago(List.of(ability), null, null, null);
    }
  }

  /**
   * At the CRM.
   *
   * @param locationName null if it was not told
   */
  public record Crm(List<Ability> abilities, @Nullable String locationName) {
    /** Copies the list. */
    public Crm {
      abilities = List.copyOf(abilities);
    }

    static Crm only(Ability ability) {
      return new Crm(List.of(ability), null);
    }
  }

  /** Whether the account lacks nothing, as far as that can be told. */
  public boolean isGood() {
    return Stream.concat(mercadoPago.abilities().stream(), crm.abilities().stream())
        .allMatch(Ability::isGood);
  }
}
