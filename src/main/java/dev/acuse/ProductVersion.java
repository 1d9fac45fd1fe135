package dev.acuse;

/** Which version of Acuse this is. */
final class ProductVersion {
  private ProductVersion() {}

  /** As the jar's manifest says; "dev" where it does not run from its jar. */
  static String text() {
    String version = ProductVersion.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
