package dev.acuse.mercadopago;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What MercadoPago notifies of, as far as is known (its pages Webhooks, IPN and Optional
 * notifications). A topic has several names: the one that is ticked in MercadoPago's panel is not
 * always the one that is sent, and IPN has names of its own. The set is open: anything else is a
 * topic too.
 */
public enum Topic {
  PAYMENT(IdForm.ONLY_DIGITS, Care.WORKED_OFF, "payment"),
  MERCHANT_ORDER(IdForm.ONLY_DIGITS, Care.WORKED_OFF, "merchant_order", "topic_merchant_order_wh"),
  /** Of the Orders API. */
  ORDER(IdForm.ORDER, Care.WORKED_OFF, "order", "orders"),
  CHARGEBACK(IdForm.DIGITS, Care.WORKED_OFF, "topic_chargebacks_wh", "chargebacks"),
  CLAIM(IdForm.DIGITS, Care.WORKED_OFF, "claim", "topic_claims_integration_wh"),
  FRAUD_ALERT(IdForm.ONLY_DIGITS, Care.WORKED_OFF, "stop_delivery_op_wh", "delivery_cancellation"),
  SUBSCRIPTION(IdForm.HEX, Care.NOT_YET, "subscription_preapproval", "subscription"),
  SUBSCRIPTION_INVOICE(IdForm.DIGITS, Care.NOT_YET, "subscription_authorized_payment", "invoice"),
  SUBSCRIPTION_PLAN(IdForm.HEX, Care.NOT_YET, "subscription_preapproval_plan", "plan"),
  SELLER_LINK(IdForm.DIGITS, Care.NOT_YET, "mp-connect"),
  /** Of devices of the time before orders. */
  POINT(IdForm.ANY, Care.NOT_YET, "point_integration_wh", "point_integration_ipn"),
  CARD_UPDATER(IdForm.ANY, Care.NONE, "topic_card_id_wh", "automatic-payments"),
  WALLET(IdForm.ANY, Care.NONE, "wallet_connect"),
  DELIVERY(IdForm.ANY, Care.NONE, "delivery");

  /** The source of MercadoPago's events, as it stands in their keys, rows and addresses. */
  public static final String SOURCE = "mp";

  /** What is done about a topic. */
  public enum Care {
    /** A handler looks up what it names. */
    WORKED_OFF,
    /** It wants a handler that this version does not have. */
    NOT_YET,
    /** Nothing has to be done about it. */
    NONE
  }

  /** How the ids of a topic's resources look. They are texts: some have more than 53 bits. */
  private enum IdForm {
    /** Has been so for as long as there is the topic, so that another form is a mistake. */
    ONLY_DIGITS("[0-9]+"),
    DIGITS("[0-9]+"),
    /** Of 32 digits, in lower case; the panel's own simulation has another. */
    HEX("[0-9a-f]{32}"),
    /** A prefix before a ULID; some documents show it bare. */
    ORDER("[A-Z]*ORD[A-Z0-9]+|[0-9A-HJKMNP-TV-Z]{26}"),
    ANY(".+");

    private final Pattern pattern;

    IdForm(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  private static final Map<String, Topic> BY_NAME = new LinkedHashMap<>();

  static {
    for (Topic topic : values()) {
      topic.names.forEach(name -> BY_NAME.put(name, topic));
    }
  }

  private final IdForm form;
  private final Care care;

  // It is one that cannot be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> names;

  Topic(IdForm form, Care care, String... names) {
    this.form = form;
    this.care = care;
    this.names = List.of(names);
  }

  /** The topic of this name, in whatever case; empty for one that is not known. */
  public static Optional<Topic> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether MercadoPago has such a topic, as far as is known: it may have others. */
  public static boolean isKnown(String name) {
    return of(name).isPresent();
  }

  /** All names of all topics. */
  public static Set<String> allNames() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /** All names of these topics. */
  public static Set<String> namesOf(Topic... topics) {
    return Arrays.stream(topics)
        .map(topic -> topic.names)
        .flatMap(Collection::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a name, in whatever case, is one of this topic's. */
  public boolean isNamed(String name) {
    return of(name).filter(topic -> topic == this).isPresent();
  }

  /** All its names, its first one first. */
  public List<String> names() {
    return names;
  }

  /** The name by which our own look-ups call it. */
  public String code() {
    return names.get(0);
  }

  /** What is done about it. */
  public Care care() {
    return care;
  }

  /**
   * Whether nothing of this topic can have this id. Of most topics anything may: an id that looks
   * new must not cost a notification.
   */
  public boolean refuses(String id) {
    return form == IdForm.ONLY_DIGITS && !hasForm(id);
  }

  /**
   * Whether an id has the form of its resources', as far as is known. It helps to choose among
   * several; the panel's simulation may send another.
   */
  public boolean hasForm(String id) {
    return form.pattern.matcher(id).matches();
  }
}
