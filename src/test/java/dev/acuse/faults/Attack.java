package dev.acuse.faults;

import dev.acuse.support.Launch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table of attacks: what a stranger does to a service that is sent genuine webhooks
 * meanwhile.
 *
 * @param answersAll whether each genuine webhook must be answered 200, 99 % within a second
 * @param settings environment of the service, which is else as in production
 * @param without a protection that is taken away on purpose, in words; empty for none
 * @param weakness how it is taken away in the source; null if that is left as it is
 */
record Attack(
    String name,
    Site.Kind site,
    Launch launch,
    Map<String, String> settings,
    boolean answersAll,
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

  /** Each genuine webhook must be answered 200, 99 % of them within a second. */
  static Attack of(String name, Site.Kind site, Launch launch, Assault assault) {
    // The lease is not so short that a busy machine loses it, nor so long that a trial waits.
    var settings = Map.of("ACUSE_LEASE", "10s");
    return new Attack(name, site, launch, settings, true, assault, "", null);
  }

  Attack with(String variable, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(variable, value);
    return new Attack(name, site, launch, more, answersAll, assault, without, weakness);
  }

  /** With the delays and rates that are the defaults, in place of those that make a test short. */
  Attack asInProduction() {
    return with("ACUSE_RETRY_DELAYS", "1m,5m,15m").with("ACUSE_HINTS_PER_SECOND", "10");
  }

  /** Deliveries may be cut or refused; what was acknowledged must be there. */
  Attack disturbed() {
    return new Attack(name, site, launch, settings, false, assault, without, weakness);
  }

  /** A control: the product's source is broken. */
  Attack without(Weakness protection) {
    return new Attack(
        name, site, launch, settings, answersAll, assault, protection.description(), protection);
  }

  /** A control: a setting takes the protection away. */
  Attack withoutBy(String protection, String variable, String value) {
    return new Attack(
        name,
        site,
        launch,
        with(variable, value).settings(),
        answersAll,
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
