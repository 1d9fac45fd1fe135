package dev.acuse.console;

import dev.acuse.api.AccountNames;
import dev.acuse.console.session.Cookies;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.Parameter;
import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapperBuilder;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders pages whole before the first byte is sent, so that a fault in a template is an error and
 * not half a page. Everything is escaped for HTML: what webhooks bring is hostile; and what cannot
 * be seen in it is shown. Thread-safe.
 */
final class PageRenderer {
  private final InstantSource clock;
  private final AccountNames accounts;

  /** Made for the first page: a start need not wait for it. */
  private static final class Templates {
    private static final Version SYNTAX = Configuration.VERSION_2_3_34;

    static final Configuration ALL = configure();

    private static Configuration configure() {
      var templates = new Configuration(SYNTAX);
      templates.setClassLoaderForTemplateLoading(
          PageRenderer.class.getClassLoader(), "console/pages");
      templates.setURLEscapingCharset(StandardCharsets.UTF_8.name());
      templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
      // An extension would say that it is HTML of the ordinary kind.
      templates.setRecognizeStandardFileExtensions(false);
      templates.setOutputFormat(new LegibleHtml());
      templates.setAutoEscapingPolicy(Configuration.FORCE_AUTO_ESCAPING_POLICY);
      templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
      templates.setLogTemplateExceptions(false);
      templates.setWrapUncheckedExceptions(true);
      templates.setLocalizedLookup(false);
      templates.setAPIBuiltinEnabled(false);
      templates.setObjectWrapper(new DefaultObjectWrapperBuilder(SYNTAX).build());
      return templates;
    }
  }

  /**
   * @param clock the database's time, for ages and countdowns
   * @param accounts as the pages name them
   */
  PageRenderer(InstantSource clock, AccountNames accounts) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /** A page of the console. */
  Response ok(ContainerRequestContext request, String name, Map<String, ?> model) {
    return Response.ok(render(request, name, model), MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
        .build();
  }

  /**
   * The HTML of a page.
   *
   * @param name of the template, without its extension
   * @param model what the page shows; a null is as good as an absent value
   */
  String render(ContainerRequestContext request, String name, Map<String, ?> model) {
    Messages messages = Messages.of(request);
    Map<String, @Nullable Object> all = new HashMap<>(model);
    all.put("t", messages);
    all.put("lang", messages.locale().getLanguage());
    all.put("languages", Messages.LANGUAGES);
    all.put("visitor", Visitor.of(request));
    all.put("accounts", accountsOf(request));
    all.put("theme", theme(request));
    all.put("page", name);
    all.put("here", here(request));
    all.put("format", new Formats(messages, clock.instant()));
    String done = request.getUriInfo().getQueryParameters().getFirst("done");
    if (done != null && done.matches("[a-z-]{1,40}")) {
      all.put("done", done);
    }
    try {
      var out = new StringWriter();
      Templates.ALL.getTemplate(name + ".ftlh", messages.locale()).process(all, out);
      return out.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TemplateException e) {
      throw new IllegalStateException("the page " + name + " cannot be rendered", e);
    }
  }

  /** The accounts of the visitor that asks for a page. */
  VisitorAccounts accountsOf(ContainerRequestContext request) {
    return new VisitorAccounts(accounts, Visitor.of(request).scope());
  }

  /**
   * What the visitor sees of the account that the address narrows a list to.
   *
   * @throws dev.acuse.http.ProblemException if there is no such account, or the visitor does not
   *     see it
   */
  Scope narrowed(ContainerRequestContext request, @Nullable String account) {
    return accounts.narrowed(
        Visitor.of(request).scope(), new Parameter(AccountNames.ACCOUNT, account));
  }

  /** By the names that the pages give them. */
  AccountNames names() {
    return accounts;
  }

  private static String theme(ContainerRequestContext request) {
    String theme = Cookies.read(request, Cookies.THEME);
    return theme != null && (theme.equals("dark") || theme.equals("light")) ? theme : "auto";
  }

  private static String here(ContainerRequestContext request) {
    var uri = request.getUriInfo().getRequestUri();
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }
}
