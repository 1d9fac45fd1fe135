package dev.acuse;

import dev.acuse.account.Account;
import dev.acuse.admin.TaskStatus;
import dev.acuse.condition.Conditions;
import dev.acuse.database.h2.H2Url;
import dev.acuse.doctor.AddressCheck;
import dev.acuse.doctor.Check;
import dev.acuse.doctor.ConditionsCheck;
import dev.acuse.doctor.DatabaseCheck;
import dev.acuse.doctor.DiskCheck;
import dev.acuse.doctor.Doctor;
import dev.acuse.doctor.DoctorTask;
import dev.acuse.doctor.Finding;
import dev.acuse.doctor.GoHighLevelCheck;
import dev.acuse.doctor.LimitsCheck;
import dev.acuse.doctor.MercadoPagoCheck;
import dev.acuse.doctor.WebhooksCheck;
import dev.acuse.event.Place;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.http.connection.ConnectionLimits;
import dev.acuse.http.connection.Descriptors;
import dev.acuse.inbox.DeliveryReader;
import dev.acuse.mercadopago.MercadoPagoClient;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jdbi.v3.core.Jdbi;

/** Which checks a doctor makes: those of the running service, and those without one. */
final class Checkup {
  /** Below the time after which the admin port closes a connection that is silent. */
  private static final Duration PATIENCE = Duration.ofSeconds(18);

  private static final int MOST_ACCOUNTS = 50;

  /** One call more may begin by then, which takes no longer than the patience leaves. */
  private static final Duration FOR_ACCOUNTS = Duration.ofSeconds(6);

  private final AcuseConfiguration config;
  private final Variables variables;
  private final Clock clock;
  private final List<Check> checks = new ArrayList<>();

  /**
   * Those of the configuration and the machine.
   *
   * @param descriptors how many of them all connections that are configured take
   * @param clock this machine's
   */
  Checkup(AcuseConfiguration config, Variables variables, long descriptors, Clock clock) {
    this.config = config;
    this.variables = variables;
    this.clock = clock;
    checks.add(new Check("settings", () -> SettingsOf.configuration(this.config).look()));
    checks.add(new Check("variables", this.variables::look));
    checks.add(new Check("disk", this::disks));
    checks.add(new Check("limits", () -> limits(descriptors).look()));
  }

  /** How many descriptors all connections take that a service of this configuration may have. */
  static long descriptors(AcuseConfiguration config) {
    return ConnectionLimits.descriptors(
        config.intake().maxConnections(),
        config.database().getMaxSize()
            + config.intake().connections()
            + 2 * config.dispatch().attemptsAtOnce());
  }

  /** Installs the task by which a command asks the service for them. */
  static void install(
      AcuseConfiguration config,
      Variables variables,
      Environment environment,
      Processing processing,
      Database database,
      Conditions conditions) {
    var checkup =
        new Checkup(config, variables, descriptors(config), Clock.systemUTC())
            .database(database.intake())
            .others(
                processing.mercadoPago().unguarded(Place.MAIN_ACCOUNT),
                processing.goHighLevel().unguarded(Place.MAIN_ACCOUNT))
            .accounts(processing)
            .webhooks(processing.eventReader().deliveries(), processing.clock())
            .inbox(conditions);
    var status = new TaskStatus();
    status.install(environment, "doctor-status");
    environment.admin().addTask(new DoctorTask(checkup.doctor(), ProductVersion.text(), status));
  }

  /** Adds that of the database. */
  Checkup database(Jdbi jdbi) {
    checks.add(new Check("database", new DatabaseCheck(jdbi)::look));
    return this;
  }

  /** Adds what is known of the database without it. */
  Checkup database(Finding finding) {
    checks.add(new Check("database", () -> List.of(finding)));
    return this;
  }

  /**
   * Adds those of other systems.
   *
   * @param mercadoPago without a breaker
   * @param goHighLevel without a breaker
   */
  Checkup others(MercadoPagoClient mercadoPago, GoHighLevelClient goHighLevel) {
    checks.add(
        new Check(
            "mercadopago",
            new MercadoPagoCheck(mercadoPago, config.mercadoPago().collectorId(), clock)::look));
    checks.add(
        new Check(
            "gohighlevel",
            new GoHighLevelCheck(goHighLevel, config.payment().findContactByEmail())::look));
    checks.add(
        new Check(
            "address",
            () ->
                new AddressCheck(
                        config.mercadoPago().notificationUrl(),
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        clock)
                    .look()));
    return this;
  }

  /** Adds that of the accounts beside {@code main}. */
  private Checkup accounts(Processing processing) {
    checks.add(new Check("accounts", () -> lookAt(processing)));
    return this;
  }

  private static List<Finding> lookAt(Processing processing) {
    List<Account> others =
        processing.accounts().current().all().stream()
            .filter(account -> account.isConnected() && account.id() != Place.MAIN_ACCOUNT)
            .toList();
    List<Finding> found = new ArrayList<>();
    long begun = System.nanoTime();
    int asked = 0;
    for (Account account : others) {
      if (asked == MOST_ACCOUNTS || System.nanoTime() - begun > FOR_ACCOUNTS.toNanos()) {
        found.add(
            Finding.advice(
                "accounts", "%d further accounts were not asked".formatted(others.size() - asked)));
        return found;
      }
      asked++;
      found.add(
          MercadoPagoCheck.ofAccount(
              account.name(),
              account.sellerId(),
              processing.mercadoPago().unguarded(account.id())));
      if (account.crmToken().isSet()) {
        found.add(
            GoHighLevelCheck.ofAccount(
                account.name(), processing.goHighLevel().unguarded(account.id())));
      }
    }
    return found;
  }

  /** Adds that of the webhooks that came. */
  Checkup webhooks(DeliveryReader deliveries, Clock databaseClock) {
    checks.add(new Check("webhooks", new WebhooksCheck(deliveries, databaseClock)::look));
    return this;
  }

  private Checkup inbox(Conditions conditions) {
    checks.add(new Check("inbox", new ConditionsCheck(conditions)::look));
    return this;
  }

  /** All that were added. */
  Doctor doctor() {
    return new Doctor(checks, PATIENCE);
  }

  private List<Finding> disks() throws IOException {
    List<Finding> found = new ArrayList<>();
    if (config.isH2()) {
      Path folder = H2Url.folder(String.valueOf(config.database().getUrl()));
      found.addAll(new DiskCheck("disk.database", folder, true).look());
    }
    if (!config.intake().spool().isOff()) {
      found.addAll(new DiskCheck("disk.spool", config.intake().spool().place(), true).look());
    }
    for (Path folder : config.logging().folders()) {
      found.addAll(new DiskCheck("disk.log", folder, false).look());
    }
    return found;
  }

  private static LimitsCheck limits(long needed) {
    var descriptors = Descriptors.ofThisProcess();
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new LimitsCheck(
        Runtime.getRuntime().maxMemory(), memory, descriptors.open(), descriptors.limit(), needed);
  }
}
