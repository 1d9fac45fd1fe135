package dev.acuse.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * What of the configuration is set, without any value that may be a secret.
 *
 * @param accessToken whether there is a token of MercadoPago
 * @param webhookSecret whether signatures can be checked
 * @param goHighLevelToken whether contacts can be tagged
 * @param apiToken whether the API answers to other machines
 * @param consoleUsers whether anyone may log in
 * @param alertWebhook whether operators are told of anything
 * @param isReconciling whether MercadoPago is asked by itself for what it never told
 * @param isSpooling whether webhooks are taken while the database is out
 * @param isRealMercadoPago whether its API is asked, rather than a sandbox
 * @param isRealGoHighLevel the same of GoHighLevel
 */
public record Settings(
    boolean accessToken,
    boolean webhookSecret,
    boolean goHighLevelToken,
    boolean apiToken,
    boolean consoleUsers,
    boolean alertWebhook,
    boolean isReconciling,
    boolean isSpooling,
    boolean isRealMercadoPago,
    boolean isRealGoHighLevel) {

  /** What is missing of it, and last that all else is right. */
  public List<Finding> look() {
    List<Finding> found = new ArrayList<>();
    if (!accessToken) {
      found.add(
          Finding.wrong(
              "settings.mp-access-token",
              "MP_ACCESS_TOKEN is not set: webhooks are stored, and wait for it"));
    }
    if (!goHighLevelToken) {
      found.add(
          advice(
              "ghl-token", "GHL_TOKEN is not set: payments are kept up to date, tags wait for it"));
    }
    if (!webhookSecret) {
      found.add(
          advice(
              "webhook-secret",
              "MP_WEBHOOK_SECRET is not set: signatures are not checked; take it from MercadoPago's"
                  + " panel, Webhooks"));
    }
    if (!apiToken) {
      found.add(
          advice(
              "api-token",
              "ACUSE_API_TOKEN is not set: the API answers only to this machine, and no proxy may"
                  + " forward to it"));
    }
    if (!consoleUsers) {
      found.add(
          advice(
              "console-users",
              "ACUSE_CONSOLE_USERS is not set: the console answers only to this machine; the command"
                  + " \"password NAME\" prints an entry"));
    }
    if (!alertWebhook) {
      found.add(
          advice(
              "alert-webhook",
              "ACUSE_ALERT_WEBHOOK is not set: nobody is told when something is wrong"));
    }
    if (!isReconciling) {
      found.add(
          advice(
              "reconciliation",
              "ACUSE_RECONCILE_EVERY is 0s: MercadoPago is not asked for what it never told of"));
    }
    if (!isSpooling) {
      found.add(
          advice(
              "spool", "ACUSE_SPOOL is off: while the database is out webhooks are answered 503"));
    }
    if (!isRealMercadoPago) {
      found.add(
          advice(
              "mp-base-url",
              "MP_BASE_URL is not MercadoPago's address, but a sandbox's or a proxy's"));
    }
    if (!isRealGoHighLevel) {
      found.add(
          advice(
              "ghl-base-url",
              "GHL_BASE_URL is not GoHighLevel's address, but a sandbox's or a proxy's"));
    }
    return found.isEmpty()
        ? List.of(Finding.ok("settings", "tokens, secrets, users and alerts are set"))
        : found;
  }

  private static Finding advice(String name, String text) {
    return Finding.advice("settings." + name, text);
  }
}
