package dev.acuse;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a password without showing what is typed, also where the output leads elsewhere, as in a
 * shell's {@code $(…)}: there Java has no console, and the terminal would show it.
 */
final class HiddenPrompt {
  private static final String PASSWORD = "Password";
  private static final int PATIENCE_SECONDS = 5;

  private final InputStream in;
  private final PrintStream err;
  private @Nullable BufferedReader lines;

  /**
   * @param in the process's standard input; others are read from without a prompt
   * @param err where the prompt goes
   */
  HiddenPrompt(InputStream in, PrintStream err) {
    this.in = in;
    this.err = err;
  }

  /** {@link #read(String)} of a password. */
  String read() throws IOException {
    return read(PASSWORD);
  }

  /**
   * Asks at the terminal if there is one, and reads the next line of the input if not.
   *
   * @param what is asked for, as in {@code Password}
   * @return blank if nothing was given
   */
  // From JDK 22 on there is a console without a terminal as well, which reads the input's line.
  @SuppressWarnings("SystemConsoleNull")
  String read(String what) throws IOException {
    String prompt = what + ": ";
    Console console = System.console();
    if (console != null) {
      char[] typed = console.readPassword("%s", prompt);
      return typed == null ? "" : new String(typed);
    }
    String settings = in == System.in ? stty("-g") : null;
    return settings == null ? line() : askAt(settings, prompt);
  }

  private String askAt(String settings, String prompt) throws IOException {
    // Ctrl-C while it is hidden must not leave a terminal that shows nothing.
    var restore = new Thread(() -> stty(settings), "terminal");
    Runtime.getRuntime().addShutdownHook(restore);
    try {
      stty("-echo");
      err.print(prompt);
      err.flush();
      return line();
    } finally {
      stty(settings);
      err.println();
      Runtime.getRuntime().removeShutdownHook(restore);
    }
  }

  private String line() throws IOException {
    // One for all lines: it reads ahead.
    if (lines == null) {
      lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    String line = lines.readLine();
    return line == null ? "" : line;
  }

  /** What it prints; null if the input is no terminal, or this system has no such program. */
  private static @Nullable String stty(String argument) {
    try {
      List<String> command = new ArrayList<>(List.of("stty", argument));
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
          ? said
          : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
