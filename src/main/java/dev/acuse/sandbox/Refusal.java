package dev.acuse.sandbox;

/** A request that is answered with an error; carries the answer. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  Refusal(Reply reply) {
    super("refused with " + reply.status());
    this.reply = reply;
  }

  Reply reply() {
    return reply;
  }
}
