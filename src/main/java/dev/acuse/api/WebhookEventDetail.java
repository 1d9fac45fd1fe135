package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptStep;
import dev.acuse.event.Reason;
import dev.acuse.event.ReceivedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event with the request that brought it and its history.
 *
 * @param payloadSize in bytes
 * @param effects those of its payment; of an effect's event, that one
 */
@JsonNaming(SnakeCaseStrategy.class)
record WebhookEventDetail(
    @JsonUnwrapped WebhookEventView event,
    @Nullable String queryString,
    Map<String, String> headers,
    int payloadSize,
    List<AttemptView> attemptsHistory,
    List<EffectSummary> effects) {

  static WebhookEventDetail of(
      WebhookEventView event,
      ReceivedRequest request,
      List<Attempt> attempts,
      List<EffectSummary> effects) {
    return new WebhookEventDetail(
        event,
        request.queryString(),
        request.headers(),
        request.body().length,
        attempts.stream().map(AttemptView::of).toList(),
        effects);
  }

  /** One attempt; {@code millis} is what the clock shows between its start and its end. */
  @JsonNaming(SnakeCaseStrategy.class)
  record AttemptView(
      long number,
      String worker,
      Instant startedAt,
      Instant finishedAt,
      long millis,
      String outcome,
      @Nullable String errorKind,
      @Nullable String error,
      @Nullable Integer httpStatus,
      @Nullable ReasonView reason,
      List<StepView> steps) {

    static AttemptView of(Attempt attempt) {
      return new AttemptView(
          attempt.number(),
          attempt.worker(),
          attempt.startedAt(),
          attempt.finishedAt(),
          Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis(),
          attempt.outcome().code(),
          attempt.errorKind(),
          attempt.error(),
          attempt.httpStatus(),
          ReasonView.of(attempt.reason()),
          attempt.steps().stream().map(StepView::of).toList());
    }
  }

  /** Why an attempt ended so: a word, and what it names. */
  @JsonNaming(SnakeCaseStrategy.class)
  record ReasonView(String code, List<String> args) {
    static @Nullable ReasonView of(@Nullable Reason reason) {
      return reason == null ? null : new ReasonView(reason.code().code(), reason.args());
    }
  }

  /** One step of an attempt. */
  @JsonNaming(SnakeCaseStrategy.class)
  record StepView(
      String name, Instant startedAt, long millis, String outcome, @Nullable String detail) {

    static StepView of(AttemptStep step) {
      return new StepView(
          step.name(), step.startedAt(), step.millis(), step.outcome(), step.detail());
    }
  }
}
