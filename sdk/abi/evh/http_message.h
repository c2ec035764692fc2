/* A request as a handler sees it, and the responder that answers it, now or later, whole or as a stream. */
#ifndef EVH_HTTP_MESSAGE_H
#define EVH_HTTP_MESSAGE_H

#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct evh_header {
  evh_str name, value;
} evh_header;

/* Valid until the responder is released for the last time, which is when the handler returns unless it was retained. */
typedef struct evh_request {
  evh_str method;     /* upper case; HEAD arrives as GET, its body is left out on the way back */
  evh_str path;       /* as sent, without the query, and without BASE_PATH for a route under it */
  evh_str query;      /* as sent, behind the ?; empty when there is none */
  evh_str body;       /* whole, chunks undone */
  evh_str client_ip;  /* of the peer, in text */
  evh_str request_id; /* unique; in the access log and in the answer's X-Request-Id */
  const evh_header *headers;
  size_t header_count;
} evh_request;

/* Answers one request, once. Every function may be called from any thread; a client that left meanwhile is no error.
 * Content-Length, Transfer-Encoding, Connection, Date and X-Request-Id are the server's to write: do not pass them. */
typedef struct evh_responder {
  void *self;

  /* The whole answer. `headers` and `body` are copied. Calls after the first answer are ignored. */
  void (*respond)(void *self, int32_t status, const evh_header *headers, size_t header_count, evh_str body);

  /* Begins an answer of unknown length: then try_write as often as needed, and end_stream. EVH_OVERLOADED: too many streams are
   * open (respond with 503 then); EVH_CANCELLED: the client is gone; EVH_INVALID: answered already. */
  evh_code (*begin_stream)(void *self, int32_t status, const evh_header *headers, size_t header_count);

  /* Never blocks: copies all of the chunk and returns EVH_OK, or takes none of it. EVH_OVERLOADED: no room; `ready` is called once,
   * from another thread or from inside another call, as soon as there is room (gone = 0) or the client is gone (gone = 1); it
   * must be quick. EVH_CANCELLED: the client is gone; end the stream. A stream has one writer at a time. */
  evh_code (*try_write)(void *self, evh_str chunk, void (*ready)(void *ctx, int32_t gone), void *ctx);

  /* complete = 0: something failed; the connection is cut so that the client sees that the answer is not whole. */
  void (*end_stream)(void *self, int32_t complete);

  /* The handler holds one reference until it returns. To answer later, retain before returning and release when done. What is
   * released without an answer is answered 500. Both are harmless after the server has stopped. */
  void (*retain)(void *self);
  void (*release)(void *self);
} evh_responder;

#ifdef __cplusplus
}
#endif
#endif
