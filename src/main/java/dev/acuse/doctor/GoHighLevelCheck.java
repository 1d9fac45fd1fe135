package dev.acuse.doctor;

import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Diagnosis;
import java.util.List;

/**
 * Whether GoHighLevel takes our token, and what it may read. That it may tag cannot be tried
 * without tagging.
 */
public final class GoHighLevelCheck {
  private static final String SCOPES =
      "; the private integration needs the scope contacts.write, and contacts.readonly to search by"
          + " e-mail";

  private final GoHighLevelClient client;
  private final boolean searches;

  /**
   * @param client without a breaker
   * @param searches whether contacts are searched by e-mail
   */
  public GoHighLevelCheck(GoHighLevelClient client, boolean searches) {
    this.client = client;
    this.searches = searches;
  }

  /** What there is to say. */
  public List<Finding> look() {
    try {
      client.readNoContact();
    } catch (RemoteException.NotSetUp e) {
      return List.of(Finding.advice("gohighlevel", "nothing can be asked: GHL_TOKEN is not set"));
    } catch (RemoteException.Rejected e) {
      return List.of(
          Finding.ok("gohighlevel.token", "the token is taken, and may read contacts"), location());
    } catch (RemoteException e) {
      return List.of(unread(e));
    }
    return List.of(
        Finding.advice(
            "gohighlevel.token",
            "GoHighLevel answered for a contact that is none: is it a sandbox?"),
        location());
  }

  /**
   * Whether the token of a further account is taken, in one line.
   *
   * @param name the account's
   * @param client the account's, without a breaker
   */
  public static Finding ofAccount(String name, GoHighLevelClient client) {
    String check = "accounts.gohighlevel";
    try {
      client.readNoContact();
    } catch (RemoteException.NotSetUp e) {
      return Finding.advice(check, name + " has no token of GoHighLevel: its tags wait for one");
    } catch (RemoteException.Rejected e) {
      return Finding.ok(check, name + ": the token is taken");
    } catch (RemoteException e) {
      return GoHighLevelClient.isAboutScope(e)
          ? Finding.advice(check, name + ": the token may not read contacts: " + e.getMessage())
          : Finding.wrong(check, name + ": " + e.getMessage());
    }
    return Finding.advice(check, name + ": GoHighLevel answered for a contact that is none");
  }

  private Finding unread(RemoteException e) {
    boolean isScope = GoHighLevelClient.isAboutScope(e);
    if (isScope && !searches) {
      return Finding.advice(
          "gohighlevel.token",
          "the token may not read contacts, which only the search by e-mail needs; whether it may tag"
              + " is seen with the first tag ("
              + e.getMessage()
              + ")");
    }
    if (e.diagnosis() == Diagnosis.TOKEN_REFUSED) {
      return Finding.wrong("gohighlevel.token", e.getMessage() + SCOPES);
    }
    return Finding.wrong(
        "gohighlevel.token",
        e.getMessage()
            + "; it is out, or something before it answers (GHL_BASE_URL, proxy, network)");
  }

  private Finding location() {
    try {
      return Finding.ok(
          "gohighlevel.location", "the sub-account is \"" + client.locationName() + "\"");
    } catch (RemoteException.NotSetUp e) {
      return Finding.ok(
          "gohighlevel.location",
          "GHL_LOCATION_ID is not set, which only the search by e-mail needs");
    } catch (RemoteException e) {
      return GoHighLevelClient.isAboutScope(e)
          ? Finding.ok(
              "gohighlevel.location",
              "the token may not read the sub-account's name (locations.readonly), which nothing needs")
          : Finding.wrong(
              "gohighlevel.location",
              "GHL_LOCATION_ID is no sub-account that the token may read: " + e.getMessage());
    }
  }
}
