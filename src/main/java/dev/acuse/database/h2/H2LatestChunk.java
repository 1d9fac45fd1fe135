package dev.acuse.database.h2;

import java.lang.reflect.Field;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * Makes H2's header name the chunk that is being written. H2 (2.5.252) writes the header with a
 * chunk that is not where the one before it said, but still names that one before, from where no
 * way leads to the new chunk: after a kill, and after a power cut, what it holds would be gone,
 * though it was committed and synced. 2.4.240 named the new one.
 *
 * <p>H2 notes each new chunk in a queue, once its place is known and before it is written: there it
 * is made the latest. To be left out when H2 does so itself.
 */
final class H2LatestChunk extends LinkedBlockingQueue<Object> {
  private static final long serialVersionUID = 1;

  private static final Field NEW_CHUNKS = field("recentlySaved");
  private static final Field LATEST = field("lastChunk");

  private final transient FileStore<?> file;

  private H2LatestChunk(FileStore<?> file) {
    this.file = file;
  }

  /** For as long as the store is open; to be called before anything is acknowledged from it. */
  static void keep(MVStore store) {
    FileStore<?> file = store.getFileStore();
    store.executeFilestoreOperation(
        () -> {
          try {
            if (NEW_CHUNKS.get(file) instanceof Queue<?> waiting
                && !(waiting instanceof H2LatestChunk)) {
              var ours = new H2LatestChunk(file);
              for (Object chunk : waiting) {
                ours.put(chunk);
              }
              NEW_CHUNKS.set(file, ours);
            }
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this H2 is another than expected", e);
          } catch (InterruptedException e) {
            throw new AssertionError("it has room for all", e);
          }
        });
  }

  @Override
  public boolean offer(Object chunk) {
    try {
      LATEST.set(file, chunk);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("this H2 is another than expected", e);
    }
    return super.offer(chunk);
  }

  private static Field field(String name) {
    try {
      Field field = FileStore.class.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
