package dev.acuse.desk;

import dev.acuse.account.HeldSecret;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.remote.RemoteException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a token of GoHighLevel can do, as far as reading tells. */
final class CrmProbe {
  private static final String TOKEN = "token";
  private static final String READS = "contacts_read";
  private static final String WRITES = "contacts_write";
  private static final String LOCATION = "location";

  private final GoHighLevelClient client;
  private final boolean searches;

  /**
   * @param client of the token and the location
   * @param searches whether contacts are searched by e-mail
   */
  CrmProbe(GoHighLevelClient client, boolean searches) {
    this.client = client;
    this.searches = searches;
  }

  /** A name that was told, and what it says of the location. */
  private record Located(Ability ability, @Nullable String name) {}

  CredentialReport.Crm look(HeldSecret token, @Nullable String locationId) {
    if (token.isUnreadable()) {
      return CredentialReport.Crm.only(
          Ability.no(TOKEN, "a token is stored, and no key of this instance opens it"));
    }
    if (!token.isSet()) {
      return CredentialReport.Crm.only(
          locationId == null
              ? Ability.aside(TOKEN, null, "no token is set: nothing is tagged for this account")
              : Ability.no(TOKEN, "location_id is set and no token is: tags wait for it"));
    }
    Ability reads;
    try {
      client.readNoContact();
      reads = Ability.yes(READS, "it may read contacts");
    } catch (RemoteException.Rejected e) {
      // There is no such contact, and that it may be told.
      reads = Ability.yes(READS, "it may read contacts");
    } catch (RemoteException e) {
      if (!GoHighLevelClient.isAboutScope(e)) {
        return CredentialReport.Crm.only(
            MercadoPagoProbe.isTold(e)
                ? Ability.no(TOKEN, String.valueOf(e.getMessage()))
                : Ability.untold(TOKEN, String.valueOf(e.getMessage())));
      }
      reads =
          new Ability(
              READS,
              false,
              searches,
              "it may not read contacts: it lacks contacts.readonly, which only the search by e-mail"
                  + " needs, or it is an agency's and not a sub-account's");
    }
    Located located = locate(locationId);
    return new CredentialReport.Crm(
        List.of(
            Ability.yes(TOKEN, "GoHighLevel takes the token"),
            located.ability(),
            reads,
            Ability.aside(
                WRITES, null, "whether it may tag contacts is seen with the first tag alone")),
        located.name());
  }

  private Located locate(@Nullable String locationId) {
    if (locationId == null) {
      return new Located(
          Ability.aside(LOCATION, null, "location_id is not set, and was not looked at"), null);
    }
    try {
      String name = client.locationName();
      return new Located(Ability.yes(LOCATION, "the sub-account is \"" + name + "\""), name);
    } catch (RemoteException e) {
      if (GoHighLevelClient.isAboutScope(e)) {
        return new Located(
            Ability.aside(
                LOCATION,
                null,
                "it may not read the sub-account's name (locations.readonly), which nothing needs"),
            null);
      }
      String sentence = "location_id is no sub-account that the token may read: " + e.getMessage();
      return new Located(
          MercadoPagoProbe.isTold(e)
              ? Ability.no(LOCATION, sentence)
              : Ability.untold(LOCATION, "the sub-account cannot be looked at: " + e.getMessage()),
          null);
    }
  }
}
