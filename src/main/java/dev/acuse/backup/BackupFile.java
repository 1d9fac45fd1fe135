package dev.acuse.backup;

import dev.acuse.backup.Manifest.Entry;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A backup as it is read: nothing of it is believed that its manifest does not name. */
final class BackupFile implements AutoCloseable {
  /** A manifest is far smaller; in bytes. */
  private static final int MAX_MANIFEST = 16 << 20;

  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final ZipFile zip;
  private final Manifest manifest;

  private BackupFile(Path path, ZipFile zip, Manifest manifest) {
    this.path = path;
    this.zip = zip;
    this.manifest = manifest;
  }

  /**
   * @throws SetupException if it is no whole backup that this version understands
   */
  static BackupFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new SetupException(path + " is no file");
    }
    try {
      var zip = new ZipFile(path.toFile());
      try {
        return new BackupFile(path, zip, manifest(path, zip));
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SetupException(path + " is no whole backup of Acuse: " + e.getMessage(), e);
    }
  }

  private static Manifest manifest(Path path, ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(Manifest.NAME);
    if (entry == null) {
      throw new IOException("it holds no " + Manifest.NAME);
    }
    Manifest manifest;
    try (InputStream content = zip.getInputStream(entry)) {
      manifest = Manifest.decode(content.readNBytes(MAX_MANIFEST));
    }
    if (manifest.format() != Manifest.FORMAT) {
      throw new SetupException(
          "%s has the format %d: version %s of Acuse made it, and a version that knows that format"
                  .formatted(path, manifest.format(), manifest.version())
              + " restores it");
    }
    Set<String> names = new HashSet<>();
    for (Entry file : manifest.files()) {
      if (zip.getEntry(file.name()) == null || !names.add(file.name())) {
        throw new IOException("it lacks " + file.name());
      }
    }
    if (zip.size() != names.size() + 1) {
      throw new IOException("it holds files that its manifest does not name");
    }
    return manifest;
  }

  Manifest manifest() {
    return manifest;
  }

  /**
   * Unpacks a file, private and synced.
   *
   * @throws SetupException if it is not what the manifest says
   */
  void unpack(Entry entry, Path to) throws IOException {
    MessageDigest digest = CheckedZip.sha256();
    long left = entry.bytes();
    try (InputStream content = zip.getInputStream(zip.getEntry(entry.name()));
        FileChannel file =
            PrivateFiles.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
      byte[] buffer = new byte[BUFFER];
      int read = content.read(buffer);
      while (read >= 0 && left >= 0) {
        left -= read;
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
        read = content.read(buffer);
      }
      out.flush();
      file.force(true);
    } catch (ZipException e) {
      throw damaged(entry, e);
    }
    if (left != 0 || !HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
      throw damaged(entry, null);
    }
  }

  private SetupException damaged(Entry entry, @Nullable Throwable cause) {
    return new SetupException(
        path + " is damaged: " + entry.name() + " is not what was written; nothing was changed",
        cause);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
