package dev.acuse;

import dev.acuse.api.ApiAuth;
import dev.acuse.api.ApiErrors;
import dev.acuse.api.ApiJson;
import dev.acuse.api.CheckoutsResource;
import dev.acuse.api.PaymentsResource;
import dev.acuse.api.WebhookEventsResource;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.Dispatcher;
import dev.acuse.dispatch.Downstream;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.event.EventStore;
import dev.acuse.gohighlevel.GoHighLevelCrm;
import dev.acuse.intake.IntakeWriter;
import dev.acuse.intake.LenientHeadersFilter;
import dev.acuse.intake.WebhookResource;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoSource;
import dev.acuse.mercadopago.MerchantOrderHandler;
import dev.acuse.mercadopago.PaymentHandler;
import dev.acuse.mercadopago.PaymentRefresh;
import dev.acuse.mercadopago.RemoteFailures;
import dev.acuse.payment.CheckoutDesk;
import dev.acuse.payment.CustomerTagger;
import dev.acuse.payment.PaymentStore;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.MigrationsBundle;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Acuse: an inbox for payment webhooks that loses none of them. */
public class AcuseApplication extends Application<AcuseConfiguration> {
  private static final Logger LOGGER = LoggerFactory.getLogger(AcuseApplication.class);

  /** Runs a command; {@code server config.yml} is the service. */
  public static void main(String[] args) throws Exception {
    new AcuseApplication().run(args);
  }

  @Override
  public String getName() {
    return "acuse";
  }

  @Override
  public void initialize(Bootstrap<AcuseConfiguration> bootstrap) {
    // Strict: a variable without default that is missing stops the start.
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(true)));
    bootstrap.addBundle(
        new MigrationsBundle<>() {
          @Override
          public PooledDataSourceFactory getDataSourceFactory(AcuseConfiguration configuration) {
            return configuration.database();
          }
        });
    bootstrap.addCommand(new SandboxCommand());
    bootstrap.addCommand(new TriggerCommand());
  }

  /** The parts, in the order of the flow; the later ones stop first. */
  @Override
  public void run(AcuseConfiguration config, Environment environment) {
    Database database = Database.open(config, environment);
    var events = new EventStore(database.jdbi(), database.clock(), config.dispatch().maxAttempts());
    var payments =
        new PaymentStore(
            database.jdbi(),
            database.clock(),
            config.payment().tagRules(),
            config.mercadoPago().getCollectorId());

    MercadoPagoClient mercadoPago =
        config.mercadoPago().buildClient(environment, database.clock());
    Dispatcher dispatcher = dispatcher(config, environment, database, events, payments, mercadoPago);
    intake(config, environment, database, events, dispatcher);
    api(config, environment, events, payments, mercadoPago, dispatcher);
    environment.lifecycle().manage(dispatcher);
  }
}
