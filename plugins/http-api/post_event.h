#pragma once

#include <chrono>

#include "evh/event_store.h"
#include "evh/http_message.h"

namespace evh::http_api {

/// POST /events: a durable event, or why not. The request waits in the store's queue, not on a thread.
class PostEvent {
 public:
  /// `max_wait` is the longest that an event waits for the store.
  PostEvent(const evh_event_store& store, std::chrono::microseconds max_wait) : store_(store), max_wait_(max_wait) {}

  /// A quick handler; `self` is a PostEvent, which outlives every answer of the store.
  static void handle(void* self, const evh_request* request, const evh_responder* responder);

 private:
  struct Pending;

  static void answer(void* pending, const evh_error* error, const std::int64_t* ids, const evh_code* each,
                     std::size_t count);

  const evh_event_store& store_;
  const std::chrono::microseconds max_wait_;
};

}  // namespace evh::http_api
