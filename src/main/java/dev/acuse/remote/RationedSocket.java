package dev.acuse.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A socket that gives out so many bytes of each part of an answer, and closes itself when there are
 * more. It counts below TLS and HTTP, so that whatever these skip, drop or collect is counted too.
 */
final class RationedSocket extends Socket {
  private volatile AnswerPart part = AnswerPart.HANDSHAKE;
  private final AtomicLong left = new AtomicLong(part.maxBytes());

  /** From now on this part is read, from its first byte. */
  void expect(AnswerPart next) {
    part = next;
    left.set(next.maxBytes());
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Rationed(super.getInputStream());
  }

  private void count(long read) throws IOException {
    if (read > 0 && left.addAndGet(-read) < 0) {
      close();
      throw new AnswerWithoutEndException(part);
    }
  }

  private final class Rationed extends FilterInputStream {
    Rationed(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count(read);
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      RationedSocket.this.count(skipped);
      return skipped;
    }
  }
}
