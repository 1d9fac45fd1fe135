package dev.acuse.gohighlevel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.remote.RefusalRules;
import dev.acuse.remote.RemoteAnswer;
import java.util.regex.Pattern;

/**
 * Sorts GoHighLevel's refusals. The shapes are those of its common schemas (statusCode, message as
 * a text or a list of texts, error); the words are those that integrations have met.
 */
final class GoHighLevelRefusals {
  /** A tag that was to be put on a contact. */
  static final RefusalRules OF_TAGS = GoHighLevelRefusals::ofTags;

  /** A search for a contact; about this one means that there is no such contact. */
  static final RefusalRules OF_SEARCH = GoHighLevelRefusals::ofSearch;

  private static final Pattern ANOTHER_LOCATION =
      Pattern.compile(
          "not have access to this location|not belong to (this|the) location"
              + "|forbidden: location");

  private static final Pattern ABOUT_US =
      Pattern.compile(
          "(invalid|expired|malformed|missing|revoked)[ _-]*(private integration )?"
              + "(access |api |auth |bearer )?(token|jwt|key)\\b"
              + "|(token|jwt)\\b.{0,40}\\b(invalid|expired|malformed|revoked|mismatch)"
              + "|not authorized for this scope|user type mismatch"
              + "|version header|authorization header"
              + "|do(es)? not have permission to access this resource"
              + "|(app|application|account|company|location|integration)\\b.{0,30}"
              + "\\b(suspended|disabled|blocked|inactive|uninstalled|paused)");

  private static final Pattern NO_SUCH_CONTACT =
      Pattern.compile("not found|is deleted|not a valid|invalid (contact|id)|does not exist");

  /** The search needs our sub-account and nothing else of ours. */
  private static final Pattern OUR_LOCATION = Pattern.compile("location");

  private static final Pattern ADDRESS = Pattern.compile("e-?mail|not found");

  private GoHighLevelRefusals() {}

  private static RefusalRules.About ofTags(RemoteAnswer refusal) {
    String words = refusal.words();
    int status = refusal.status();
    // Some saw 401 for it.
    if (ANOTHER_LOCATION.matcher(words).find()) {
      return RefusalRules.About.THIS_ONE;
    }
    if (isAboutUs(refusal, words)) {
      return RefusalRules.About.US;
    }
    boolean aboutTheContact =
        (status == 422 && !words.isEmpty())
            || (status == 400 && isOwnShape(refusal))
            || ((status == 400 || status == 404) && NO_SUCH_CONTACT.matcher(words).find());
    return aboutTheContact ? RefusalRules.About.THIS_ONE : RefusalRules.About.NEITHER;
  }

  private static RefusalRules.About ofSearch(RemoteAnswer refusal) {
    String words = refusal.words();
    int status = refusal.status();
    if (isAboutUs(refusal, words)) {
      return RefusalRules.About.US;
    }
    boolean isJudged = status == 400 || status == 403 || status == 404 || status == 422;
    if (isJudged && OUR_LOCATION.matcher(words).find()) {
      return RefusalRules.About.US;
    }
    boolean aboutTheAddress =
        (status == 422 && !words.isEmpty())
            || ((status == 400 || status == 404) && ADDRESS.matcher(words).find());
    return aboutTheAddress ? RefusalRules.About.THIS_ONE : RefusalRules.About.NEITHER;
  }

  /** GoHighLevel's own 400 of a tag is about the contact or the tag: nothing else is sent. */
  private static boolean isOwnShape(RemoteAnswer refusal) {
    JsonNode json = refusal.objectOrNull();
    return json != null
        && json.path("statusCode").asInt() == refusal.status()
        && json.hasNonNull("message");
  }

  private static boolean isAboutUs(RemoteAnswer refusal, String words) {
    boolean refused =
        refusal.status() == 401 && (refusal.isEmpty() || refusal.objectOrNull() != null);
    return refused || ABOUT_US.matcher(words).find();
  }
}
