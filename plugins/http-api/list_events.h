#pragma once

#include <atomic>

#include "evh/event_store.h"
#include "evh/host.hpp"
#include "evh/http_message.h"
#include "worker_pool.h"

namespace evh::http_api {

/// GET /events: a JSON array, streamed page by page at the reader's pace. A worker is taken only while a page comes out
/// of the store.
class ListEvents {
 public:
  ListEvents(const Host& host, const evh_event_store& store, WorkerPool& workers, std::string_view base_path)
      : host_(host), store_(store), workers_(workers), path_(std::string(base_path) + "/events") {}

  /// A quick handler; `self` is a ListEvents, which outlives the workers.
  static void handle(void* self, const evh_request* request, const evh_responder* responder);

  /// Ends the scans that run, so that the workers can be joined.
  void cancel() noexcept { cancelled_.store(true); }

 private:
  class Listing;

  const Host& host_;
  const evh_event_store& store_;
  WorkerPool& workers_;
  const std::string path_;  // of the route, for links to the next page
  std::atomic<bool> cancelled_{false};
};

}  // namespace evh::http_api
