package dev.acuse.sandbox.mercadopago;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The orders of the Orders API of one seller, in memory. An order stands as its payments do, unless
 * a lever has said otherwise since. Thread-safe: one lock; under it the seller's payments and
 * chargebacks are read, which have locks of their own and never ask back.
 */
final class OnlineOrderBook {
  /** Where an order's payments and their chargebacks are. */
  record Sources(
      Function<Long, Optional<SandboxPayment>> payments,
      Function<Long, List<SandboxChargeback>> chargebacks) {}

  private final Sources sources;
  private final InstantSource clock;
  private final OnlineOrderIds ids;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<OrderTrait> traits = EnumSet.noneOf(OrderTrait.class);
  private String prefix = "ORD";

  /** A payment's place in an order. */
  private record Part(String id, String referenceId, long paymentId) {}

  /** What changes of an order. */
  private static final class Entry {
    private final String id;
    private final SandboxOnlineOrder.Terms terms;
    private final Instant created;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, String> chargebackIds = new LinkedHashMap<>();
    private final Set<OrderTrait> traits = EnumSet.noneOf(OrderTrait.class);
    private Instant lastUpdated;
    private int version = 1;
    private @Nullable OrderStanding ordered;
    private @Nullable SandboxOnlineOrder latest;
    private @Nullable SandboxOnlineOrder former;
    private int formerTimes;

    Entry(String id, SandboxOnlineOrder.Terms terms, Instant created) {
      this.id = id;
      this.terms = terms;
      this.created = created;
      this.lastUpdated = created;
    }
  }

  OnlineOrderBook(Sources sources, InstantSource clock, OnlineOrderIds ids) {
    this.sources = sources;
    this.clock = clock;
    this.ids = ids;
  }

  synchronized void prefix(String other) {
    prefix = other;
  }

  /** Traits of all orders from now on, in place of those before. */
  synchronized void traits(Set<OrderTrait> others) {
    traits.clear();
    traits.addAll(others);
  }

  /** Traits of one order beside those of all. */
  synchronized void traits(String id, Set<OrderTrait> others) {
    Entry entry = existing(id);
    entry.traits.clear();
    entry.traits.addAll(others);
  }

  synchronized SandboxOnlineOrder make(SandboxOnlineOrder.Terms terms) {
    var entry = new Entry(ids.next(prefix), terms, clock.instant());
    entries.put(entry.id, entry);
    return changed(entry);
  }

  /** Has an order stand as ordered, until one of its payments changes. */
  synchronized SandboxOnlineOrder order(String id, OrderStanding standing) {
    Entry entry = existing(id);
    touch(entry);
    entry.ordered = standing;
    return changed(entry);
  }

  /** Takes in a payment that was made or has changed; empty if it is of no order here. */
  synchronized Optional<SandboxOnlineOrder> paymentChanged(SandboxPayment payment) {
    Entry entry = entries.get(payment.terms().onlineOrderId());
    if (entry == null) {
      return Optional.empty();
    }
    touch(entry);
    entry.ordered = null;
    if (entry.parts.stream().noneMatch(part -> part.paymentId() == payment.id())) {
      entry.parts.add(new Part(ids.next("PAY"), ids.nextReference(), payment.id()));
    }
    return Optional.of(changed(entry));
  }

  /** From now on an order's answer is so many times what it was before its last change. */
  synchronized void showFormer(String id, int times) {
    existing(id).formerTimes = times;
  }

  /** What the next answer about an order shows. */
  synchronized Optional<SandboxOnlineOrder> answered(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return Optional.empty();
    }
    SandboxOnlineOrder former = entry.former;
    if (entry.formerTimes > 0 && former != null) {
      entry.formerTimes--;
      return Optional.of(former);
    }
    return Optional.of(view(entry));
  }

  synchronized Optional<SandboxOnlineOrder> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(this::view);
  }

  synchronized List<SandboxOnlineOrder> all() {
    return entries.values().stream().map(this::view).toList();
  }

  private Entry existing(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new NoSuchElementException("no order " + id);
    }
    return entry;
  }

  /** A change within the moment of the last one still gets a date that tells them apart. */
  private void touch(Entry entry) {
    Instant now = clock.instant();
    entry.lastUpdated =
        now.isAfter(entry.lastUpdated) ? now : entry.lastUpdated.plusNanos(1_000_001);
    entry.version++;
  }

  private SandboxOnlineOrder changed(Entry entry) {
    SandboxOnlineOrder now = view(entry);
    entry.former = entry.latest;
    entry.latest = now;
    return now;
  }

  private SandboxOnlineOrder view(Entry entry) {
    Set<OrderTrait> shown = EnumSet.copyOf(traits);
    shown.addAll(entry.traits);
    var payments = new ArrayList<SandboxOnlineOrder.Payment>();
    var chargebacks = new ArrayList<SandboxOnlineOrder.Chargeback>();
    for (Part part : entry.parts) {
      SandboxPayment payment = sources.payments().apply(part.paymentId()).orElseThrow();
      OrderStanding standing = OrderProgress.of(payment, shown);
      payments.add(
          new SandboxOnlineOrder.Payment(part.id(), part.referenceId(), payment, standing));
      for (SandboxChargeback chargeback : sources.chargebacks().apply(part.paymentId())) {
        chargebacks.add(
            new SandboxOnlineOrder.Chargeback(
                chargebackId(entry, part, chargeback),
                part.id(),
                chargeback.id(),
                standing.detail(),
                payment.terms().amount()));
      }
    }
    OrderStanding ordered = entry.ordered;
    OrderStanding standing =
        ordered != null
            ? ordered
            : OrderProgress.of(
                entry.terms.total(),
                payments.stream().map(SandboxOnlineOrder.Payment::payment).toList(),
                shown);
    return new SandboxOnlineOrder(
        entry.id,
        entry.terms,
        entry.created,
        entry.lastUpdated,
        standing,
        entry.version,
        payments,
        chargebacks,
        shown);
  }

  private String chargebackId(Entry entry, Part part, SandboxChargeback chargeback) {
    return entry.chargebackIds.computeIfAbsent(
        part.id() + chargeback.id(), unknown -> ids.next("CBK"));
  }
}
