package dev.acuse;

import dev.acuse.admin.AccountTask;
import dev.acuse.admin.ApplicationTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import dev.acuse.desk.AccountDesk;
import dev.acuse.desk.CredentialCheck;
import dev.acuse.desk.KeyRotation;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.mercadopago.MercadoPagoClient;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;

/** What people change accounts by, put together. */
record Desk(AccountDesk accounts, KeyRotation rotation) {

  /** That of a service or of a command. */
  static Desk of(AccountsSetUp accounts, Database database, AuditTrail audit) {
    return new Desk(
        new AccountDesk(accounts.store(), accounts.live(), database.clock()),
        new KeyRotation(accounts.store(), audit));
  }

  /**
   * Tells what credentials can do.
   *
   * @param mercadoPago of whatever account
   * @param goHighLevel of whatever account
   */
  static CredentialCheck check(
      AcuseConfiguration config, MercadoPagoClient mercadoPago, GoHighLevelClient goHighLevel) {
    return new CredentialCheck(
        mercadoPago, goHighLevel, config.payment().findContactByEmail(), Clock.systemUTC());
  }

  /** Adds the tasks {@code account} and {@code application} to a service. */
  void install(Environment environment, CredentialCheck check) {
    var status = new TaskStatus();
    status.install(environment, "account-task-status");
    environment.admin().addTask(new AccountTask(accounts, check, status));
    environment.admin().addTask(new ApplicationTask(accounts, status));
  }
}
