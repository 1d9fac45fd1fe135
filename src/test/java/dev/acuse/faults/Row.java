package dev.acuse.faults;

import dev.acuse.sandbox.mercadopago.Notification;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table: a fault, and on what it is tried.
 *
 * @param sales payments that the notifications are about, in turn
 * @param answersAll whether each delivery must be answered 200
 * @param settings environment of the service
 * @param sabotage what is broken in the service on purpose; null for nothing
 */
record Row(
    String name,
    Site.Kind site,
    int instances,
    int perSecond,
    int sales,
    boolean answersAll,
    Map<String, String> settings,
    Traffic traffic,
    Injection injection,
    @Nullable Sabotage sabotage) {

  /** What is done to a stage under load. */
  interface Injection {
    void inject(Stage stage);
  }

  /** What is sent: by number, the same each time it is asked for. */
  interface Traffic {
    IntFunction<Notification> on(Stage stage);
  }

  /** Each delivery must be answered 200. */
  static Row answered(String name, Site.Kind site, Injection injection) {
    return new Row(
        name, site, 1, 100, 24, true, Map.of(), Stage::updatesOfPayments, injection, null);
  }

  /** Deliveries may be cut or refused; what was acknowledged must be there. */
  static Row disturbed(String name, Site.Kind site, Injection injection) {
    return new Row(
        name, site, 1, 100, 24, false, Map.of(), Stage::updatesOfPayments, injection, null);
  }

  Row withInstances(int count) {
    return new Row(
        name, site, count, perSecond, sales, answersAll, settings, traffic, injection, sabotage);
  }

  Row withRate(int rate) {
    return new Row(
        name, site, instances, rate, sales, answersAll, settings, traffic, injection, sabotage);
  }

  Row withSales(int count) {
    return new Row(
        name,
        site,
        instances,
        perSecond,
        count,
        answersAll,
        settings,
        traffic,
        injection,
        sabotage);
  }

  Row with(Map<String, String> environment) {
    return new Row(
        name,
        site,
        instances,
        perSecond,
        sales,
        answersAll,
        environment,
        traffic,
        injection,
        sabotage);
  }

  Row sending(Traffic other) {
    return new Row(
        name, site, instances, perSecond, sales, answersAll, settings, other, injection, sabotage);
  }

  Row suffering(Injection other) {
    return new Row(
        name, site, instances, perSecond, sales, answersAll, settings, traffic, other, sabotage);
  }

  Row broken(Sabotage broken) {
    return new Row(
        name, site, instances, perSecond, sales, answersAll, settings, traffic, injection, broken);
  }

  @Override
  public String toString() {
    return name + " on " + site;
  }
}
