package dev.acuse.payment.state;

import dev.acuse.text.Text;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words by which a person finds a payment, folded: in lower case and without accents, because
 * the two engines share no collation that does so.
 */
public final class SearchText {
  /** What the column holds. */
  private static final int MAX_LENGTH = 1024;

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private SearchText() {}

  /** Of a payment: its payer, product, reference and id. */
  static String of(Payment payment) {
    PaymentDetails details = payment.details();
    String words =
        Stream.of(
                details.payerName(),
                payment.payerEmail(),
                details.product(),
                payment.externalReference(),
                payment.mpPaymentId(),
                details.lastFour())
            .filter(Objects::nonNull)
            .map(SearchText::fold)
            .collect(Collectors.joining(" "));
    return Text.cut(words, MAX_LENGTH);
  }

  /** A text as it stands in the column, or is looked for there. */
  public static String fold(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String apart = Normalizer.normalize(text, Normalizer.Form.NFKD);
    String plain = MARKS.matcher(apart).replaceAll("").toLowerCase(Locale.ROOT);
    return BLANKS.matcher(plain).replaceAll(" ").strip();
  }
}
