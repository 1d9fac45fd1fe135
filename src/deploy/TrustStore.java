import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the certificates that a TLS connection may rest on: those of the distribution's package,
 * and none that this machine alone trusts. PKCS #12 without a password holds neither a time nor a
 * random number, so that two builds are the same.
 *
 * <p>{@code java TrustStore.java FOLDER FILE}
 */
public final class TrustStore {
  private TrustStore() {}

  /** Reads the folder's {@code *.crt}, and writes the file. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    for (Path file : files(Path.of(arguments[0]))) {
      try (InputStream in = Files.newInputStream(file)) {
        String name = file.getFileName().toString().replaceFirst("\\.crt$", "");
        store.setCertificateEntry(name, certificates.generateCertificate(in));
      }
    }
    if (store.size() == 0) {
      throw new IOException(arguments[0] + " holds no certificates");
    }
    try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
      store.store(out, null);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
    }
  }
}
