package dev.acuse.console;

import dev.acuse.text.Legible;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.TemplateModelException;
import java.io.IOException;
import java.io.Writer;

/** HTML in which every text that a page shows is legible and escaped. */
final class LegibleHtml extends HTMLOutputFormat {
  @Override
  public void output(String text, Writer out) throws IOException, TemplateModelException {
    super.output(Legible.lines(text), out);
  }

  @Override
  public String escapePlainText(String text) {
    return super.escapePlainText(Legible.lines(text));
  }
}
