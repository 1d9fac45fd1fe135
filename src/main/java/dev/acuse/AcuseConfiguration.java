package dev.acuse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.account.AccountConfiguration;
import dev.acuse.admin.AdminConfiguration;
import dev.acuse.admin.RetentionConfiguration;
import dev.acuse.alert.AlertConfiguration;
import dev.acuse.api.ApiConfiguration;
import dev.acuse.console.ConsoleConfiguration;
import dev.acuse.database.h2.H2Url;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.gohighlevel.GoHighLevelConfiguration;
import dev.acuse.intake.IntakeConfiguration;
import dev.acuse.logging.GuardedLogging;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.reconciliation.ReconciliationConfiguration;
import dev.acuse.payment.PaymentConfiguration;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.validation.ValidationMethod;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code config.yml}, one section a package. What a section is for stands in its class. */
@SelfValidating
public final class AcuseConfiguration extends Configuration {

  @Valid @NotNull @JsonProperty private DatabaseSettings database = new DatabaseSettings();

  @NotNull
  @Pattern(
      regexp = "true|false|auto",
      message = "(ACUSE_MIGRATE_ON_START) must be true, false or auto")
  @JsonProperty
  private String migrateOnStart = "auto";

  @Valid @NotNull @JsonProperty private IntakeConfiguration intake = new IntakeConfiguration();

  @Valid @NotNull @JsonProperty
  private DispatchConfiguration dispatch = new DispatchConfiguration();

  @Valid @NotNull @JsonProperty
  private MercadoPagoConfiguration mercadoPago = MercadoPagoConfiguration.defaults();

  @Valid @NotNull @JsonProperty
  private ReconciliationConfiguration reconciliation = new ReconciliationConfiguration();

  @Valid @NotNull @JsonProperty
  private GoHighLevelConfiguration goHighLevel = GoHighLevelConfiguration.defaults();

  @Valid @NotNull @JsonProperty private PaymentConfiguration payment = new PaymentConfiguration();

  @Valid @NotNull @JsonProperty
  private AccountConfiguration accounts = new AccountConfiguration(null);

  @Valid @NotNull @JsonProperty private ApiConfiguration api = new ApiConfiguration(null);

  @Valid @NotNull @JsonProperty
  private ConsoleConfiguration console = ConsoleConfiguration.defaults();

  @Valid @NotNull @JsonProperty private AdminConfiguration adminPort = new AdminConfiguration();

  @Valid @NotNull @JsonProperty private AlertConfiguration alerts = new AlertConfiguration();

  @Valid @NotNull @JsonProperty
  private RetentionConfiguration retention = new RetentionConfiguration();

  private @Nullable GuardedLogging guarded;

  /** What the section {@code logging} asks for, in a safe way. */
  @Override
  public synchronized LoggingFactory getLoggingFactory() {
    return logging();
  }

  /** The same. */
  synchronized GuardedLogging logging() {
    GuardedLogging made = guarded;
    if (made == null) {
      made = new GuardedLogging(super.getLoggingFactory());
      guarded = made;
    }
    return made;
  }

  DataSourceFactory database() {
    return database;
  }

  /** Whether to bring the schema up to date at the start. */
  public boolean migratesOnStart() {
    return migrateOnStart.equals("true") || (migrateOnStart.equals("auto") && isH2());
  }

  IntakeConfiguration intake() {
    return intake;
  }

  DispatchConfiguration dispatch() {
    return dispatch;
  }

  MercadoPagoConfiguration mercadoPago() {
    return mercadoPago;
  }

  ReconciliationConfiguration reconciliation() {
    return reconciliation;
  }

  GoHighLevelConfiguration goHighLevel() {
    return goHighLevel;
  }

  PaymentConfiguration payment() {
    return payment;
  }

  AccountConfiguration accounts() {
    return accounts;
  }

  ApiConfiguration api() {
    return api;
  }

  ConsoleConfiguration console() {
    return console;
  }

  AdminConfiguration adminPort() {
    return adminPort;
  }

  AlertConfiguration alerts() {
    return alerts;
  }

  RetentionConfiguration retention() {
    return retention;
  }

  /** Whether the database is H2, which runs in this process. */
  @JsonIgnore
  public boolean isH2() {
    return H2Url.isH2(url());
  }

  private String url() {
    String url = database.getUrl();
    return url == null ? "" : url;
  }

  /** Only these two engines are tested; that one is named is seen to elsewhere. */
  @JsonIgnore
  @ValidationMethod(
      message = "database.url (DATABASE_URL) must begin with jdbc:h2: or jdbc:postgresql:")
  public boolean isDatabaseSupported() {
    return url().isBlank() || isH2() || url().startsWith("jdbc:postgresql:");
  }

  /** Without it each payment of an unknown contact would find the CRM unusable, for everybody. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "goHighLevel.locationId (GHL_LOCATION_ID) must be set where payment.findContactByEmail"
              + " (ACUSE_FIND_CONTACT_BY_EMAIL) is on: GoHighLevel searches within a location")
  public boolean isContactSearchPossible() {
    return !payment.findContactByEmail() || goHighLevel.locationId() != null;
  }

  /** A group of webhooks is one statement, which is to be committed when it returns. */
  @JsonIgnore
  @ValidationMethod(message = "database.autoCommitByDefault must not be false")
  public boolean isCommitting() {
    return !Boolean.FALSE.equals(database.getAutoCommitByDefault());
  }

  /** An H2 that would lose in a crash what was acknowledged is no database for an inbox. */
  @JsonIgnore
  @SelfValidation
  public void isDatabaseDurable(ViolationCollector violations) {
    if (isH2()) {
      for (String fault : H2Url.faults(url(), database.getProperties())) {
        violations.addViolation("database.url", "(DATABASE_URL) of H2: " + fault);
      }
    }
  }

  /**
   * Whoever reaches the admin port can see and change much. A server of another kind than the
   * default has its admin pages beside the application, on the port that webhooks come in by.
   */
  @JsonIgnore
  @ValidationMethod(
      message =
          "adminPort.token (ACUSE_ADMIN_TOKEN) must be set before the admin port (ADMIN_HOST) may"
              + " be reached from other machines, or the admin pages may share the application's"
              + " port (server.type)")
  public boolean isAdminPortGuarded() {
    return adminPort.token().isSet()
        || (getServerFactory() instanceof DefaultServerFactory server
            && server.getAdminConnectors().stream().allMatch(AcuseConfiguration::isLoopback));
  }

  private static boolean isLoopback(ConnectorFactory connector) {
    return !(connector instanceof HttpConnectorFactory http)
        || List.of("127.0.0.1", "localhost", "::1").contains(String.valueOf(http.getBindHost()));
  }
}
