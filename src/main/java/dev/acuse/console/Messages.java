package dev.acuse.console;

import dev.acuse.console.session.Cookies;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import freemarker.template.utility.DeepUnwrap;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The texts of the console in one language. In templates {@code t("key", argument, …)}. */
public final class Messages implements TemplateMethodModelEx {
  /** The languages, by their code, each in its own words. */
  static final Map<String, String> LANGUAGES =
      new TreeMap<>(Map.of("en", "English", "es", "Español", "pt", "Português"));

  private static final String BUNDLE = "console.messages";

  private final Locale locale;
  private final ResourceBundle bundle;

  private Messages(Locale locale) {
    this.locale = locale;
    this.bundle =
        ResourceBundle.getBundle(
            BUNDLE,
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /** In the language that the visitor chose, else in the browser's first that there is. */
  static Messages of(ContainerRequestContext request) {
    String chosen = Cookies.read(request, Cookies.LANGUAGE);
    if (chosen != null && LANGUAGES.containsKey(chosen)) {
      return new Messages(Locale.forLanguageTag(tag(chosen)));
    }
    return new Messages(accepted(request));
  }

  private static Locale accepted(ContainerRequestContext request) {
    try {
      for (Locale wanted : request.getAcceptableLanguages()) {
        if (LANGUAGES.containsKey(wanted.getLanguage())) {
          return Locale.forLanguageTag(tag(wanted.getLanguage()));
        }
      }
    } catch (ProcessingException e) {
      // A header that cannot be read asks for nothing.
      return Locale.ENGLISH;
    }
    return Locale.ENGLISH;
  }

  private static String tag(String language) {
    return switch (language) {
      case "pt" -> "pt-BR";
      case "es" -> "es-419";
      default -> language;
    };
  }

  Locale locale() {
    return locale;
  }

  /** The text for a key; the key itself where there is none, which a test finds. */
  String text(String key, @Nullable Object... arguments) {
    if (!bundle.containsKey(key)) {
      return key;
    }
    return new MessageFormat(bundle.getString(key), locale).format(arguments);
  }

  // The raw type is FreeMarker's.
  @SuppressWarnings("rawtypes")
  @Override
  public Object exec(List arguments) throws TemplateModelException {
    Object[] values = new Object[arguments.size() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = DeepUnwrap.unwrap((TemplateModel) arguments.get(i + 1));
    }
    return text(arguments.get(0).toString(), values);
  }
}
