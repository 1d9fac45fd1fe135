package dev.acuse.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a process of the service is started.
 *
 * @param heapMegabytes the largest heap
 * @param options of the JVM
 * @param openFiles how many descriptors the process may have; 0 for as many as this one
 */
public record Launch(int heapMegabytes, List<String> options, int openFiles) {
  /**
   * A process that lives for seconds gains nothing from code that takes as long to compile well.
   */
  static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** Another build can be tried: the rows that the present one passes must fail an older one. */
  private static final String JAR = System.getProperty("faults.jar", "target/acuse.jar");

  private static final String CONFIG = System.getProperty("faults.config", "config.yml");

  public Launch {
    options = List.copyOf(options);
  }

  /** As the tests want it: started quickly. */
  public static Launch shortLived() {
    return new Launch(256, SHORT_LIVED, 0);
  }

  /** With the JVM's own choices, as the guide starts it. */
  public static Launch asInProduction(int heapMegabytes) {
    return new Launch(heapMegabytes, List.of(), 0);
  }

  /** The same with another heap. */
  Launch withHeap(int megabytes) {
    return new Launch(megabytes, options, openFiles);
  }

  /** The same with so many descriptors. */
  public Launch withOpenFiles(int count) {
    return new Launch(heapMegabytes, options, count);
  }

  /** The same with one more option. */
  public Launch with(String option) {
    List<String> more = new ArrayList<>(options);
    more.add(option);
    return new Launch(heapMegabytes, more, openFiles);
  }

  static List<String> jar() {
    return List.of("-jar", JAR);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The command whose process is the service itself, so that a signal reaches it. */
  List<String> command(List<String> program) {
    return command(program, CONFIG);
  }

  /** The same with a configuration of its own. */
  List<String> command(List<String> program, String config) {
    List<String> command = new ArrayList<>();
    if (openFiles > 0) {
      command.addAll(List.of("sh", "-c", "ulimit -n " + openFiles + "; exec \"$@\"", "sh"));
    }
    command.add(java());
    command.add("-Xmx" + heapMegabytes + "m");
    command.addAll(options);
    command.addAll(program);
    command.addAll(List.of("server", config));
    return command;
  }
}
