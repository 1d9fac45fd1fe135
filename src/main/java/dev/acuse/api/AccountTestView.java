package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.desk.Ability;
import dev.acuse.desk.CredentialReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the credentials of an account can and can't do, as an answer. */
@JsonNaming(SnakeCaseStrategy.class)
record AccountTestView(String account, boolean ok, MercadoPagoView mercadopago, CrmView crm) {

  /**
   * One thing that a credential can or cannot do.
   *
   * @param ok null if it cannot be told
   */
  record AbilityView(String name, @Nullable Boolean ok, boolean needed, String says) {
    static AbilityView of(Ability ability) {
      return new AbilityView(
          ability.name(), ability.isGiven(), ability.isNeeded(), ability.sentence());
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  record MercadoPagoView(
      @Nullable String userId,
      @Nullable String site,
      @Nullable Boolean testUser,
      List<AbilityView> checks) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record CrmView(@Nullable String locationName, List<AbilityView> checks) {}

  static AccountTestView of(String account, CredentialReport report) {
    CredentialReport.MercadoPago mercadoPago = report.mercadoPago();
    return new AccountTestView(
        account,
        report.isGood(),
        new MercadoPagoView(
            mercadoPago.userId(),
            mercadoPago.site(),
            mercadoPago.isTestUser(),
            views(mercadoPago.abilities())),
        new CrmView(report.crm().locationName(), views(report.crm().abilities())));
  }

  private static List<AbilityView> views(List<Ability> abilities) {
    return abilities.stream().map(AbilityView::of).toList();
  }
}
