package dev.acuse.faults;

import dev.acuse.faults.AttackTrial.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The tables of the attacks: one line an attack, over all of its runs. */
final class AttackReport {
  private static final String HEADING = "## Attacks by a stranger";

  private static final String HEADER =
      HEADING
          + """


          `mvn verify -Pfaults -Dfaults.only='^S'` attacks the packaged jar, started as the guide says, from addresses of
          loopback, while %d genuine signed webhooks a second come from another address. Then a genuine webhook must be
          worked on; the process is killed with -9 and started again; and the tables are compared with what was
          acknowledged, to strangers as well. *Ended*: runs in which the process ended by itself (it is started again at
          once). *Wedged*: it said that it is alive, and worked on nothing. *File*: how often the database opened after
          the kill, was rebuilt, or did not open. The latencies are those of the genuine webhooks, of all runs together.
          `-Dfaults.repeat=20` runs each so often.

          | attack | database | heap | runs | failed | ended | not alive | wedged | file opens / rebuilt / not | lost | stuck | wrong | genuine | not answered 200 | p99 | slowest | besides, in the last run |
          |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
          """
              .formatted(Attack.PER_SECOND);

  private static final String CONTROL =
      """

      Each protection taken away, the same attack is seen to do harm:

      | without | attack | what the run says |
      |---|---|---|
      """;

  private final Map<String, List<AttackTrial>> trials = new LinkedHashMap<>();
  private final List<String> controls = new ArrayList<>();

  void add(AttackTrial trial) {
    trials.computeIfAbsent(trial.attack().toString(), name -> new ArrayList<>()).add(trial);
  }

  /** What was said of a service without a protection. */
  void addControl(String without, AttackTrial trial) {
    controls.add(
        "| %s | %s | %s |".formatted(without, trial.attack(), String.join("; ", brief(trial))));
  }

  private static List<String> brief(AttackTrial trial) {
    return trial.failures().stream()
        .map(text -> text.length() > 120 ? text.substring(0, 120) + "…" : text)
        .map(text -> text.replace('|', '/'))
        .limit(5)
        .toList();
  }

  private static String line(List<AttackTrial> runs) {
    Attack attack = runs.get(0).attack();
    List<Load.Sent> sent = runs.stream().flatMap(run -> run.sent().stream()).toList();
    return "| %s | %s | %d MiB | %d | %d | %d | %d | %d | %d / %d / %d | %d | %d | %d | %d | %d | %d ms | %d ms | %s |"
        .formatted(
            attack.name(),
            attack.site(),
            attack.launch().heapMegabytes(),
            runs.size(),
            count(runs, run -> !run.isClean()),
            count(runs, run -> run.ended() > 0),
            count(runs, run -> run.notAlive() > 0),
            count(runs, AttackTrial::wedged),
            count(runs, run -> run.file() == File.OPENS),
            count(runs, run -> run.file() == File.REBUILT),
            count(runs, run -> run.file() == File.DOES_NOT_OPEN),
            runs.stream().mapToInt(AttackTrial::lost).sum(),
            runs.stream().mapToInt(AttackTrial::stuck).sum(),
            runs.stream().mapToInt(AttackTrial::wrong).sum(),
            sent.size(),
            runs.stream().mapToLong(AttackTrial::unanswered).sum(),
            Load.p99(sent),
            Load.percentile(sent, 1),
            notes(runs.get(runs.size() - 1)));
  }

  private static long count(List<AttackTrial> runs, Predicate<AttackTrial> which) {
    return runs.stream().filter(which).count();
  }

  private static String notes(AttackTrial trial) {
    return trial.notes().entrySet().stream()
        .map(note -> note.getKey() + ": " + note.getValue())
        .collect(Collectors.joining("; "));
  }

  /** Puts the tables in place of those that stand at the end of the page. */
  void write(Path page) throws IOException {
    String text = Files.exists(page) ? Files.readString(page) : "";
    int begin = text.indexOf(HEADING);
    String before = begin < 0 ? text + "\n" : text.substring(0, begin);
    String lines =
        trials.values().stream().map(AttackReport::line).collect(Collectors.joining("\n"));
    Files.writeString(
        page, before + HEADER + lines + "\n" + CONTROL + String.join("\n", controls) + "\n");
  }

  /** The end of a page that {@link #write} has written; empty if there is none. */
  static String tables(Path page) throws IOException {
    String text = Files.exists(page) ? Files.readString(page) : "";
    int begin = text.indexOf(HEADING);
    return begin < 0 ? "" : "\n" + text.substring(begin);
  }
}
