package dev.acuse.sandbox.http;

/** How a server words an error that has nothing to do with the request: each API in its own way. */
public interface ErrorShape {
  Reply of(int status);
}
