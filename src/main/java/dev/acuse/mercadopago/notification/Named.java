package dev.acuse.mercadopago.notification;

import dev.acuse.mercadopago.Topic;

/**
 * What a delivery names.
 *
 * @param type its topic, by whichever of its names
 * @param resourceId an id that may go into the path of a look-up
 */
public record Named(String type, String resourceId) {

  /** Whether another topic and id name the same, in whatever case and by whatever name. */
  boolean isSameAs(String otherType, String otherId) {
    return isOf(otherType) && resourceId.equalsIgnoreCase(otherId);
  }

  private boolean isOf(String otherType) {
    return type.equalsIgnoreCase(otherType)
        || Topic.of(type).filter(topic -> topic.isNamed(otherType)).isPresent();
  }
}
