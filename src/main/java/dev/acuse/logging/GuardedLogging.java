package dev.acuse.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.net.SyslogAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.net.SyslogAppenderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.process.OwnFiles;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.WritableFiles;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.FileAppenderFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The logging that a configuration asks for, made safe whatever it asks for: files of nobody
 * else's, texts of others that hide nothing, and libraries that are silent where they would print
 * tokens.
 */
public final class GuardedLogging implements LoggingFactory {
  private final LoggingFactory configured;
  private boolean isSilent;

  /** Guards what is configured. */
  public GuardedLogging(LoggingFactory configured) {
    this.configured = configured;
  }

  /**
   * Has nothing logged at all, and no file opened: for a command whose output programs read, and
   * which must not write into the log of the service.
   */
  public void silence() {
    isSilent = true;
  }

  /**
   * Has everything logged into this file instead, in the format of the first appender, and nothing
   * on the screen.
   */
  public void writeTo(Path file) {
    if (configured instanceof DefaultLoggingFactory ours) {
      var only = new FileAppenderFactory<ILoggingEvent>();
      only.setCurrentLogFilename(file.toString());
      only.setArchive(false);
      ours.getAppenders().stream()
          .filter(AbstractAppenderFactory.class::isInstance)
          .map(one -> ((AbstractAppenderFactory<?>) one).getLogFormat())
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(only::setLogFormat);
      ours.setAppenders(List.of(only));
    }
  }

  /** The folders of the files that the configuration names, whether they are there or not. */
  public Set<Path> folders() {
    Set<Path> folders = new LinkedHashSet<>();
    if (configured instanceof DefaultLoggingFactory ours) {
      for (Object appender : ours.getAppenders()) {
        if (appender instanceof FileAppenderFactory<?> file) {
          Stream.of(
                  Optional.ofNullable(file.getCurrentLogFilename()),
                  Optional.ofNullable(file.getArchivedLogFilenamePattern()))
              .flatMap(Optional::stream)
              .forEach(one -> folders.add(OwnFiles.ofLog(one).folder()));
        }
      }
    }
    return folders;
  }

  @Override
  public void configure(MetricRegistry metrics, String name) {
    if (isSilent) {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
        context.getLoggerList().forEach(logger -> logger.setLevel(Level.OFF));
      }
      return;
    }
    if (configured instanceof DefaultLoggingFactory ours) {
      LogLevels.check(ours);
      ours.getAppenders().forEach(GuardedLogging::prepare);
    }
    configured.configure(metrics, name);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      silenceLibraries(context);
      eachAppender(context, GuardedLogging::makeLegible);
      files().forEach(OwnFiles::restrict);
    }
  }

  @Override
  public void stop() {
    configured.stop();
  }

  @Override
  public void reset() {
    configured.reset();
  }

  /** The logs that are written now, and their archives. */
  public static List<OwnFiles> files() {
    List<OwnFiles> files = new ArrayList<>();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      eachAppender(context, appender -> addFiles(files, appender));
    }
    return files;
  }

  /** Those of the request log, which no logger knows of; prepared, as it begins with the server. */
  public static List<OwnFiles> requestLogFiles(ServerFactory server) {
    if (!(server instanceof AbstractServerFactory configured)
        || !(configured.getRequestLogFactory() instanceof LogbackAccessRequestLogFactory log)) {
      return List.of();
    }
    log.getAppenders().forEach(GuardedLogging::prepare);
    return log.getAppenders().stream()
        .filter(FileAppenderFactory.class::isInstance)
        .map(FileAppenderFactory.class::cast)
        .flatMap(
            file -> Stream.of(file.getCurrentLogFilename(), file.getArchivedLogFilenamePattern()))
        .filter(Objects::nonNull)
        .map(name -> OwnFiles.ofLog(String.valueOf(name)))
        .toList();
  }

  private static void addFiles(List<OwnFiles> files, Appender<?> appender) {
    if (appender instanceof FileAppender<?> file && file.getFile() != null) {
      files.add(OwnFiles.ofLog(file.getFile()));
    }
    if (appender instanceof RollingFileAppender<?> rolling
        && rolling.getRollingPolicy() instanceof RollingPolicyBase policy
        && policy.getFileNamePattern() != null) {
      files.add(OwnFiles.ofLog(policy.getFileNamePattern()));
    }
  }

  private static void prepare(Object appender) {
    if (appender instanceof FileAppenderFactory<?> file) {
      String name = file.getCurrentLogFilename();
      String archive = file.getArchivedLogFilenamePattern();
      if (name != null) {
        WritableFiles.check("currentLogFilename of an appender (LOG_DIR)", Path.of(name));
        PrivateFiles.prepare(Path.of(name));
      } else if (archive != null) {
        OwnFiles.ofLog(archive).makeFolder();
      }
    }
  }

  private static void silenceLibraries(LoggerContext context) {
    if (context.getTurboFilterList().stream().noneMatch(QuietLibraries.class::isInstance)) {
      var quiet = new QuietLibraries();
      quiet.setContext(context);
      quiet.start();
      context.addTurboFilter(quiet);
    }
    org.slf4j.Logger log = LoggerFactory.getLogger(GuardedLogging.class);
    for (Logger logger : context.getLoggerList()) {
      Level level = logger.getLevel();
      if (level != null && !QuietLibraries.mayBe(logger.getName(), level)) {
        log.warn(
            "logging: {} is set to {}, but below INFO only dev.acuse speaks, because libraries"
                + " would print tokens",
            logger.getName(),
            level);
      }
    }
  }

  private static void makeLegible(Appender<ILoggingEvent> appender) {
    if (appender instanceof OutputStreamAppender<ILoggingEvent> stream
        && stream.getEncoder() instanceof LayoutWrappingEncoder<ILoggingEvent> encoder
        && !(encoder.getLayout() instanceof LegibleLayout)) {
      encoder.setLayout(started(new LegibleLayout(encoder.getLayout(), false)));
    }
    if (appender instanceof SyslogAppenderBase<ILoggingEvent> syslog
        && !(syslog.getLayout() instanceof LegibleLayout)) {
      boolean writesFailures = syslog instanceof SyslogAppender own && !own.isThrowableExcluded();
      if (syslog instanceof SyslogAppender own) {
        own.setThrowableExcluded(true);
      }
      syslog.setLayout(started(new LegibleLayout(syslog.getLayout(), writesFailures)));
    }
  }

  private static LegibleLayout started(LegibleLayout layout) {
    layout.start();
    return layout;
  }

  private static void eachAppender(
      LoggerContext context, Consumer<Appender<ILoggingEvent>> consumer) {
    for (Logger logger : context.getLoggerList()) {
      each(logger, consumer);
    }
  }

  /** Also those behind an asynchronous one. */
  private static void each(
      AppenderAttachable<ILoggingEvent> holder, Consumer<Appender<ILoggingEvent>> consumer) {
    for (Iterator<Appender<ILoggingEvent>> all = holder.iteratorForAppenders(); all.hasNext(); ) {
      Appender<ILoggingEvent> appender = all.next();
      consumer.accept(appender);
      if (appender instanceof AppenderAttachable<?>) {
        @SuppressWarnings("unchecked") // An appender of events holds appenders of events.
        var inner = (AppenderAttachable<ILoggingEvent>) appender;
        each(inner, consumer);
      }
    }
  }
}
