package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The answers of HTTP that can go on for ever, each in another part of it. */
public enum EndlessAnswer implements RawServer.Answer {
  EMPTY_LINES("", "\r\n"),
  STATUS_LINE("HTTP/1.1 200 ", "a"),
  LINE_THAT_IS_NO_STATUS("", "a"),
  HEADER_NAME("HTTP/1.1 200 OK\r\n", "a"),
  HEADER_VALUE("HTTP/1.1 200 OK\r\nX-A: ", "a"),
  HEADER_LINES("HTTP/1.1 200 OK\r\n", "X-A: b\r\n"),
  LONG_HEADER_LINES("HTTP/1.1 200 OK\r\n", "X-A: " + "b".repeat(8_000) + "\r\n"),
  FOLDED_HEADER("HTTP/1.1 200 OK\r\nX-A: b\r\n", " c\r\n"),
  BLANK_FOLDS("HTTP/1.1 200 OK\r\nX-A: b\r\n", " ".repeat(100) + "\r\n"),
  INTERIM_ANSWERS("", "HTTP/1.1 100 Continue\r\n\r\n"),
  EARLY_HINTS("", "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"),
  SWITCHES("", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
  BODY_UNTIL_CLOSED("HTTP/1.1 200 OK\r\n\r\n", "a"),
  BODY_OF_LENGTH("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n", "a"),
  BODY_OF_ONE_CHUNK(chunked() + "7fffffffffffffff\r\n", "a"),
  BODY_OF_CHUNKS(chunked(), "1000\r\n" + "a".repeat(4096) + "\r\n"),
  BODY_OF_TINY_CHUNKS(chunked(), "1\r\na\r\n"),
  CHUNK_SIZE(chunked(), "0"),
  CHUNK_EXTENSION(chunked() + "1;a=", "a"),
  CHUNK_EXTENSIONS(chunked(), "1;a=" + "b".repeat(8_000) + "\r\na\r\n"),
  TRAILER(chunked() + "0\r\nX-A: ", "a"),
  TRAILERS(chunked() + "0\r\n", "X-A: b\r\n"),
  LONG_TRAILERS(chunked() + "0\r\n", "X-A: " + "b".repeat(8_000) + "\r\n"),
  FOLDED_TRAILER(chunked() + "0\r\nX-A: b\r\n", " c\r\n");

  /** More than any client reads; for ever would take the heap of a test that fails. */
  private static final int FOR_EVER = 64 * 1024 * 1024;

  /** What may be read over one connection, with the buffers of both its sockets. */
  public static final int BOUNDED = 24 * 1024 * 1024;

  private static final int BLOCK = 64 * 1024;

  private final String head;
  private final String again;

  EndlessAnswer(String head, String again) {
    this.head = head;
    this.again = again;
  }

  private static String chunked() {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  /** Whether it tells its status before it goes on for ever. */
  public boolean hasStatus() {
    return head.contains("\r\n\r\n");
  }

  @Override
  public void write(OutputStream out) throws IOException {
    write(out, "200 OK");
  }

  /** As {@link #write(OutputStream)}, with another status. */
  public void write(OutputStream out, String status) throws IOException {
    out.write(head.replace("200 OK", status).getBytes(StandardCharsets.US_ASCII));
    byte[] block = again.repeat(BLOCK / again.length() + 1).getBytes(StandardCharsets.US_ASCII);
    for (int written = 0; written < FOR_EVER; written += block.length) {
      out.write(block);
    }
    out.flush();
  }

  /** Has a call meet this answer of a server, and gives back how it failed. */
  public static Throwable failure(RawServer server, ThrowingCallable call) throws Exception {
    Throwable failure = catchThrowable(call);
    assertThat(failure).as("the call's failure").isNotNull();
    server.hungUp().get(10, TimeUnit.SECONDS);
    assertThat(server.written()).as("bytes read").isLessThan((long) BOUNDED * server.connections());
    return failure;
  }
}
