/* What the host gives to a plugin instance: one table, valid from create until destroy has returned.
 * Every function may be called from any thread unless its comment says otherwise. */
#ifndef EVH_HOST_H
#define EVH_HOST_H

#include "evh/log.h"
#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* evh_host.set_health */
enum {
  EVH_HEALTHY = 0,
  EVH_DEGRADED = 1, /* works, with something to look at; the process stays ready */
  EVH_UNHEALTHY = 2 /* cannot do its work now; the process is not ready */
};

/* One of several providers of a service. */
typedef struct evh_provider {
  const void *table; /* the service's table, as published */
  evh_str instance;  /* the provider's id in the configuration; lives as long as the host */
} evh_provider;

typedef struct evh_host {
  size_t size; /* of this struct, as the host knows it; a field beyond it is not there */
  void *self;  /* the first argument of every function */

  evh_str instance; /* this instance's id in the configuration */

  /* Writes one log line. Cheap when the level is off; ask log_enabled before building something costly. Never fails. */
  void (*log)(void *self, int32_t level, evh_str message, const evh_log_field *fields, size_t field_count);
  int32_t (*log_enabled)(void *self, int32_t level);

  /* Settings, already validated against the descriptor; the answers never change. EVH_NOT_FOUND: not declared, or of
   * another type. Texts are borrowed until destroy. A list fills at most `room`; *count is how many items there are. */
  evh_code (*get_text)(void *self, const char *name, evh_str *out);  /* texts and choices */
  evh_code (*get_int)(void *self, const char *name, int64_t *out);   /* integers, booleans (0, 1), durations in us, sizes in bytes */
  evh_code (*get_number)(void *self, const char *name, double *out); /* numbers */
  evh_code (*get_list)(void *self, const char *name, evh_str *out, size_t room, size_t *count); /* lists */

  /* [in create only] Offers a service that the descriptor lists. The table lives until destroy.
   * EVH_INVALID: not listed in `provides`, published before, or called outside create. */
  evh_code (*publish)(void *self, const char *service_id, const void *table, evh_error *error);

  /* [in start or later] The service's table, or NULL: nobody provides it, or the descriptor does not list it in `needs`.
   * The table is good to call from the caller's start until the caller's stop returns; one found for an optional need
   * works from its provider's create on. */
  const void *(*find)(void *self, const char *service_id);

  /* [in start or later] Every provider of the service, in the order of the configuration; fills at most room, returns how many there are. */
  size_t (*find_all)(void *self, const char *service_id, evh_provider *out, size_t room);

  /* Ends the process gracefully, as SIGTERM does. Returns at once; `why` is logged. */
  void (*request_shutdown)(void *self, evh_str why);

  /* Wall clock. The test host turns it by hand: never read another clock for what a test should control. */
  evh_time (*now)(void *self);

  /* [from a thread of the plugin's own] Blocks until the clock reaches `until`: EVH_OK. EVH_CANCELLED as soon as draining
   * begins, and at once after that. */
  evh_code (*wait_until)(void *self, evh_time until);

  /* How the instance is, kept until the next call; shown by /readyz and the logs. `why` is one line for an operator. */
  void (*set_health)(void *self, int32_t health, evh_str why);
} evh_host;

#ifdef __cplusplus
}
#endif
#endif
