package dev.acuse.sandbox.http;

/** A request that is answered with an error; carries the answer. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  /** Ends a request with this answer. */
  public Refusal(Reply reply) {
    super("refused with " + reply.status());
    this.reply = reply;
  }

  /** The answer. */
  public Reply reply() {
    return reply;
  }
}
