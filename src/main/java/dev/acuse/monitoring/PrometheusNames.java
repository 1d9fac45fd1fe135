package dev.acuse.monitoring;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Dropwizard's metrics are called in Prometheus, where a part that varies is a label, not a
 * piece of the name. Suffixes such as {@code _total} come with the type, and not from here.
 */
final class PrometheusNames {
  private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

  private static final List<Rule> RULES =
      List.of(
          rule("acuse.intake.received", "acuse_intake_received", "Webhooks that came in."),
          rule("acuse.intake.stored", "acuse_intake_stored", "Webhooks stored and acknowledged."),
          rule(
              "acuse.intake.duplicate",
              "acuse_intake_duplicate",
              "Webhooks acknowledged that were stored already."),
          rule(
              "acuse.intake.quarantined",
              "acuse_intake_quarantined",
              "Refused webhooks that were kept in quarantine."),
          rule(
              "acuse.intake.not_kept",
              "acuse_intake_not_kept",
              "Refused webhooks that were more than quarantine takes."),
          rule(
              "acuse.intake.unknown_account",
              "acuse_intake_unknown_account",
              "Verified webhooks whose seller no account has; they are kept until one has."),
          rule(
              "acuse.intake.unknown_address",
              "acuse_intake_unknown_address",
              "Requests answered 404, because no account has the name in their address."),
          rule(
              "acuse.intake.refused.{code}",
              "acuse_intake_refused",
              "Webhooks not acknowledged, by the code of the answer."),
          rule(
              "acuse.connections.refused",
              "acuse_connections_refused",
              "Connections refused because their address had as many as it may, or because each"
                  + " of all was being answered."),
          rule(
              "acuse.connections.open",
              "acuse_connections",
              "Connections to the port of webhooks and the API."),
          rule(
              "acuse.connections.max",
              "acuse_connections_max",
              "How many connections there may be to the port of webhooks and the API."),
          rule(
              "acuse.connections.evicted",
              "acuse_connections_evicted",
              "Connections closed to make room, because they had waited longest for their"
                  + " senders."),
          rule(
              "acuse.connections.timed_out",
              "acuse_connections_timed_out",
              "Connections closed because the head of a request did not come to its end."),
          rule(
              "acuse.descriptors.open",
              "acuse_open_descriptors",
              "File descriptors that the process has open."),
          rule(
              "acuse.descriptors.max",
              "acuse_max_descriptors",
              "How many file descriptors the process may have open."),
          rule(
              "acuse.intake.time",
              "acuse_intake_seconds",
              "Time from the first byte of a webhook's request to its answer."),
          rule(
              "acuse.intake.spooled",
              "acuse_intake_spooled",
              "Webhooks acknowledged from the spool, while the database was out."),
          rule(
              "acuse.intake.commit_wait_seconds",
              "acuse_intake_commit_wait_seconds",
              "How long the oldest commit of the intake is under way; 0 if none is."),
          rule(
              "acuse.spool.records",
              "acuse_spool_records",
              "Acknowledged webhooks that wait in the spool for the database."),
          rule(
              "acuse.ledger.unaccounted",
              "acuse_ledger_unaccounted",
              "Acknowledged webhooks that nobody knows where they are; must be 0."),
          rule("acuse.spool.bytes", "acuse_spool_bytes", "Size of what waits in the spool."),
          rule(
              "acuse.spool.oldest_seconds",
              "acuse_spool_oldest_seconds",
              "How long the first webhook in the spool has been waiting; 0 if it is empty."),
          rule(
              "acuse.spool.drained",
              "acuse_spool_drained",
              "Webhooks that went from the spool to the database."),
          rule(
              "acuse.spool.rejected",
              "acuse_spool_rejected",
              "Webhooks of the spool that the database refused: they are in .rejected files."),
          rule(
              "acuse.spool.rejected_files",
              "acuse_spool_rejected_files",
              "Files of the spool with webhooks that the database refused."),
          rule(
              "acuse.spool.damaged_files",
              "acuse_spool_damaged_files",
              "Files of the spool with what was found damaged."),
          rule(
              "acuse.intake.memory_bytes",
              "acuse_intake_memory_bytes",
              "Memory that requests hold until they are answered."),
          rule(
              "acuse.intake.without_room",
              "acuse_intake_without_room",
              "Requests answered 503 because there was no memory for their body."),
          rule(
              "acuse.intake.hints_refused",
              "acuse_intake_hints_refused",
              "Unverified webhooks answered 503 because more came than are looked up."),
          rule("acuse.intake.group", "acuse_intake_group", "How many webhooks one commit stored."),
          rule(
              "acuse.attempts.fenced",
              "acuse_attempts_fenced",
              "Attempts whose result changed nothing, because their lease was lost."),
          rule(
              "acuse.attempts.group", "acuse_attempts_group", "How many ends one commit recorded."),
          rule("acuse.attempts.time", "acuse_attempts_seconds", "Time that an attempt took."),
          rule("acuse.attempts.{outcome}", "acuse_attempts", "Attempts that ended, by outcome."),
          rule(
              "acuse.leases.rescued",
              "acuse_leases_rescued",
              "Events taken back from a process that was gone."),
          rule(
              "acuse.backlog.oldest_due_seconds",
              "acuse_backlog_oldest_due_seconds",
              "How long the event that is due for longest has been waiting; 0 if none is due."),
          rule(
              "acuse.backlog.waiting.{downstream}",
              "acuse_backlog_waiting",
              "Events that wait for a downstream to answer again."),
          rule(
              "acuse.backlog.{status}.{origin}",
              "acuse_backlog",
              "Events in the inbox, by status: of effects, and of any other origin."),
          rule(
              "acuse.breaker.{downstream}.open",
              "acuse_breaker_open",
              "Whether calls to a downstream are held back: 1 while it is out."),
          rule(
              "acuse.payments.misfits",
              "acuse_payments_misfits",
              "Approved payments that do not fit their checkout and tag nobody until accepted;"
                  + " 1000 stands for as many or more."),
          rule(
              "acuse.dispatch.paused",
              "acuse_dispatch_paused",
              "Whether an operator has stopped the claims: 1 while the inbox is paused."),
          rule(
              "dev.acuse.mercadopago.MercadoPagoSource.signature.{verdict}",
              "acuse_mercadopago_signatures",
              "Signatures of MercadoPago that were examined, by verdict."),
          rule(
              "acuse.mercadopago.flagged.{flag}",
              "acuse_mercadopago_flagged",
              "Webhooks with something odd about them that were judged by their signature alone."));

  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private PrometheusNames() {}

  /**
   * One metric's identity.
   *
   * @param name valid in Prometheus, in snake case
   */
  record Name(String name, Labels labels, String help) {}

  /** Translates the name of a metric; one that no rule knows keeps its words. */
  static Name of(String dropwizardName) {
    return RULES.stream()
        .flatMap(rule -> rule.apply(dropwizardName).stream())
        .findFirst()
        .orElseGet(() -> plain(dropwizardName));
  }

  private static Name plain(String dropwizardName) {
    // A thread pool's name has the pattern of its threads' names in it; and a suffix _count is kept
    // for what counts observations.
    String words = dropwizardName.replace("-%d", "").replaceFirst("\\.count$", ".current");
    String snake = HUMP.matcher(words).replaceAll("_").toLowerCase(Locale.ROOT);
    String name =
        PrometheusNaming.prometheusName(
            PrometheusNaming.sanitizeMetricName(snake.replaceAll("[^a-z0-9]+", "_")));
    return new Name(name, Labels.EMPTY, "Dropwizard's metric " + dropwizardName + ".");
  }

  /** The rule of a name, of which the parts in braces vary; each is a label. */
  private static Rule rule(String pattern, String name, String help) {
    List<String> labels = new ArrayList<>();
    var regex = new StringBuilder();
    Matcher braces = PART.matcher(pattern);
    int end = 0;
    while (braces.find()) {
      regex.append(Pattern.quote(pattern.substring(end, braces.start()))).append("([^.]+)");
      labels.add(braces.group(1));
      end = braces.end();
    }
    regex.append(Pattern.quote(pattern.substring(end)));
    return new Rule(Pattern.compile(regex.toString()), name, List.copyOf(labels), help);
  }

  private record Rule(Pattern pattern, String name, List<String> labels, String help) {
    Optional<Name> apply(String dropwizardName) {
      Matcher matcher = pattern.matcher(dropwizardName);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      String[] values = new String[labels.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = matcher.group(i + 1);
      }
      return Optional.of(new Name(name, Labels.of(labels.toArray(String[]::new), values), help));
    }
  }
}
