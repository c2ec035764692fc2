/* evh.event-store/1: durable events. Provided by the stores; needed by whoever takes events in or reads them. */
#ifndef EVH_EVENT_STORE_H
#define EVH_EVENT_STORE_H

#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVH_EVENT_STORE "evh.event-store/1"

/* An event to be stored. */
typedef struct evh_new_event {
  int64_t user_id;     /* positive */
  evh_str action;      /* not empty, UTF-8 without NUL */
  evh_str metadata;    /* the text of a JSON object */
  evh_time created_at; /* 0: the store's clock at the time of writing */
} evh_new_event;

/* An event as stored. */
typedef struct evh_event {
  int64_t id; /* positive, unique in the store */
  int64_t user_id;
  evh_str action;
  evh_str metadata; /* an equal JSON value; key order and spaces may differ from what was appended */
  evh_time created_at;
} evh_event;

/* The end of one append: exactly once, from any thread, maybe before append has returned. It must be quick and must not
 * block. All pointers are borrowed for the call.
 * - error->code EVH_OK: durable, but for those that `each` names. `ids` has one id an event, in their order.
 * - `each` is NULL when every event fared as `error` says; else each[i] is EVH_OK or why event i alone was refused
 *   (then ids[i] is 0, and error->message tells of the first one refused).
 * - EVH_INVALID: the store refuses the data. EVH_OVERLOADED: the queue is full. EVH_TIMEOUT: still queued after max_wait and
 *   taken back. EVH_UNAVAILABLE: the store is away or stopping. In all these nothing was stored.
 * - EVH_UNKNOWN_OUTCOME: may or may not be stored; it will not be sent again. */
typedef void (*evh_append_done)(void *ctx, const evh_error *error, const int64_t *ids, const evh_code *each, size_t count);

/* What to read: all bounds are inclusive; events come in (created_at, id) order. */
typedef struct evh_scan {
  const int64_t *user_id; /* NULL: every user */
  evh_str action;         /* absent: every action */
  evh_time from, to;
  int32_t descending;  /* 0: oldest first */
  uint32_t reserved;   /* 0 */
  evh_time after_time; /* with after_id: go on behind this event in the direction of the scan; it need not exist any more */
  int64_t after_id;    /* 0: from the start */
  uint64_t limit;      /* 0: all */
} evh_scan;

/* Takes a block of events, in order, borrowed for the call. 0: go on; anything else: enough, scan returns EVH_OK. */
typedef int32_t (*evh_event_sink)(void *ctx, const evh_event *events, size_t count);

/* Asked by long calls at least every 250 ms, on the caller's thread. Not 0: stop, the call returns EVH_CANCELLED. */
typedef int32_t (*evh_cancelled)(void *ctx);

typedef struct evh_event_store {
  void *self;

  /* [any thread] Never blocks. `events` and all they point to stay valid until `done`. count is at least 1; the events of one
   * append become durable together, but for those that are refused. After drain began: EVH_UNAVAILABLE. Every `done` comes
   * before the store's stop has returned. */
  void (*append)(void *self, const evh_new_event *events, size_t count, evh_span max_wait, evh_append_done done, void *ctx);

  /* [any thread] Blocks the caller, at the pace of `sink`, with bounded memory, however large the result; holds no transaction
   * while the sink runs. Sees every event that was durable when it was called. `cancelled` may be NULL.
   * EVH_OVERLOADED: every reader is busy. */
  evh_code (*scan)(void *self, const evh_scan *query, evh_event_sink sink, evh_cancelled cancelled, void *ctx, evh_error *error);
} evh_event_store;

#ifdef __cplusplus
}
#endif
#endif
