/* evh.http-router/1: routes and static files on the program's HTTP server. Provided by http-api. */
#ifndef EVH_HTTP_ROUTER_H
#define EVH_HTTP_ROUTER_H

#include "evh/http_message.h"
#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVH_HTTP_ROUTER "evh.http-router/1"

/* Flags of mount. */
enum {
  EVH_ROUTE_QUICK = 0,      /* runs on a server thread: it must return within microseconds and never block */
  EVH_ROUTE_BLOCKING = 1,   /* runs on a bounded pool; when its queue is full the client gets 503 */
  EVH_ROUTE_UNDER_BASE = 16 /* the route lies under BASE_PATH */
};

typedef void (*evh_http_handler)(void *ctx, const evh_request *request, const evh_responder *responder);

typedef struct evh_http_router {
  void *self;

  /* [start or later, any thread] `method` in upper case; GET answers HEAD too. `route` begins with '/'; one that ends with '/' takes
   * every path below it, the longest route wins. EVH_INVALID: bad route or method; a mounted route cannot be mounted again. */
  evh_code (*mount)(void *self, const char *method, const char *route, int32_t flags, evh_http_handler handler, void *ctx,
                    evh_error *error);

  /* Serves the files of `folder` (absolute, read at mount time, nothing outside it) for GET and HEAD below `route`, which ends with '/'.
   * `fallback` is the file (relative to folder) for paths without one, NULL: 404. */
  evh_code (*mount_files)(void *self, const char *route, const char *folder, const char *fallback, evh_error *error);

  /* Takes a route away and waits for its running handlers. Not from inside a handler. Unknown routes are ignored. Whoever mounts a
   * route unmounts it in stop at the latest. `flags` as it was mounted, of which EVH_ROUTE_UNDER_BASE counts; for files GET and
   * EVH_ROUTE_QUICK. */
  void (*unmount)(void *self, const char *method, const char *route, int32_t flags);
} evh_http_router;

#ifdef __cplusplus
}
#endif
#endif
