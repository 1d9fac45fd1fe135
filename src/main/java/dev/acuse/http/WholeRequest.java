package dev.acuse.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A request whose body is here. */
public final class WholeRequest extends Request.Wrapper {
  private final Content.Source content;
  private final long length;

  /** A request that is read from these bytes, and no longer from its connection. */
  public WholeRequest(Request request, byte[] body) {
    super(request);
    this.content = Content.Source.from(ByteBuffer.wrap(body));
    this.length = body.length;
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public Content.Chunk read() {
    return content.read();
  }

  @Override
  public void demand(Runnable onContent) {
    content.demand(onContent);
  }

  @Override
  public boolean consumeAvailable() {
    return true;
  }
}
