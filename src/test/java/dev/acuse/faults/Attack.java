package dev.acuse.faults;

import dev.acuse.support.Launch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table of attacks: what a stranger does to a service that is sent genuine webhooks
 * meanwhile.
 *
 * @param demands what must hold besides that nothing is lost and that it works on
 * @param settings environment of the service, which is else as in production
 * @param without a protection that is taken away on purpose, in words; empty for none
 * @param weakness how it is taken away in the source; null if that is left as it is
 */
record Attack(
    String name,
    Site.Kind site,
    Launch launch,
    Map<String, String> settings,
    Set<Demand> demands,
    Assault assault,
    String without,
    @Nullable Weakness weakness) {

  /** Genuine webhooks a second. */
  static final int PER_SECOND = 20;

  private static final int SALES = 24;

  /** What is done to a service. */
  interface Assault {
    void on(Siege siege) throws Exception;
  }

  /** What a row may ask for. */
  enum Demand {
    /** Each genuine webhook is answered 200, 99 % within a second. */
    ANSWERS,
    /** What is in the history of the events explains each call. */
    HISTORY
  }

  /** Each genuine webhook must be answered, and nothing that is done is inexplicable. */
  static Attack of(String name, Site.Kind site, Launch launch, Assault assault) {
    return new Attack(name, site, launch, Map.of(), Set.of(Demand.values()), assault, "", null);
  }

  Attack with(String variable, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(variable, value);
    return new Attack(name, site, launch, more, demands, assault, without, weakness);
  }

  /** With the delays and rates that are the defaults, in place of those that make a test short. */
  Attack asInProduction() {
    return with("ACUSE_RETRY_DELAYS", "1m,5m,15m").with("ACUSE_HINTS_PER_SECOND", "10");
  }

  Attack demanding(Demand... some) {
    return new Attack(name, site, launch, settings, Set.of(some), assault, without, weakness);
  }

  /** A control: the product's source is broken. */
  Attack without(Weakness protection) {
    return new Attack(
        name, site, launch, settings, demands, assault, protection.description(), protection);
  }

  /** A control: a setting takes the protection away. */
  Attack withoutBy(String protection, String variable, String value) {
    return new Attack(
        name,
        site,
        launch,
        with(variable, value).settings(),
        demands,
        assault,
        protection,
        weakness);
  }

  int sales() {
    return SALES;
  }

  @Override
  public String toString() {
    return "%s on %s, -Xmx%dm".formatted(name, site, launch.heapMegabytes());
  }
}
