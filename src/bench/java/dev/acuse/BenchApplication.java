package dev.acuse;

import dev.acuse.account.Accounts;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.OneInsert;
import dev.acuse.intake.BaselineResource;
import dev.acuse.mercadopago.notification.MercadoPagoSource;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The service, and beside its own intake those it is compared with. Never part of the jar. */
public final class BenchApplication extends AcuseApplication {
  private static final int CONNECTIONS = 16;

  /** Runs a command; {@code server config.yml} is the service. */
  public static void main(String[] args) {
    new BenchApplication().run(args);
  }

  @Override
  public void run(AcuseConfiguration config, Environment environment) {
    super.run(config, environment);
    Clock clock = Clock.systemUTC();
    DataSourceFactory pool = config.database();
    pool.setMaxSize(CONNECTIONS);
    Jdbi jdbi = new JdbiFactory().build(environment, pool, "one-insert");
    jdbi.installPlugin(new AcuseJdbiPlugin());
    var source =
        new MercadoPagoSource(
            config.mercadoPago(),
            Accounts.fixed(AccountsSetUp.environmentAccount(config).alone()),
            clock,
            UUID::randomUUID,
            environment.metrics());
    environment
        .jersey()
        .register(
            new BaselineResource(
                source, new OneInsert(jdbi), config.intake(), clock, environment.metrics()));
  }
}
