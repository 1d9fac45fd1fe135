import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the certificates that a TLS connection may rest on, which come in by the standard input.
 * PKCS #12 without a password holds neither a time nor a random number, so that two builds are the
 * same.
 *
 * <p>{@code cat *.crt | java TrustStore.java FILE}
 */
public final class TrustStore {
  private TrustStore() {}

  /** Reads the certificates, and writes the file. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    // Otherwise Java encrypts even what is public, and finds nothing without the password.
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    Map<String, Certificate> certificates = new TreeMap<>();
    for (Certificate one :
        CertificateFactory.getInstance("X.509").generateCertificates(System.in)) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(one.getEncoded());
      certificates.put(HexFormat.of().formatHex(digest), one);
    }
    if (certificates.isEmpty()) {
      throw new IOException("there are no certificates");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Map.Entry<String, Certificate> one : certificates.entrySet()) {
      store.setCertificateEntry(one.getKey(), one.getValue());
    }
    try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]))) {
      store.store(out, null);
    }
  }
}
