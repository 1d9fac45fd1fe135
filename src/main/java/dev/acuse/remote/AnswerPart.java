package dev.acuse.remote;

/** What arrives over a connection, one after the other, and how much of it at most. */
enum AnswerPart {
  /** Before the first request: the handshake and the certificates of TLS. */
  HANDSHAKE("the TLS handshake", 256 * 1024),
  /** Status line and header lines, with those of all interim answers (1xx) before them. */
  HEAD("the head of the answer", 64 * 1024),
  /** The body with all that stands around it: sizes and extensions of chunks, trailers, TLS. */
  BODY("the answer with what frames it", 2 * RemoteHttp.MAX_ANSWER_BYTES);

  private final String title;
  private final int maxBytes;

  AnswerPart(String title, int maxBytes) {
    this.title = title;
    this.maxBytes = maxBytes;
  }

  /** As it stands in messages. */
  String title() {
    return title;
  }

  /** So many bytes of it are read, as they come over the wire. */
  int maxBytes() {
    return maxBytes;
  }
}
