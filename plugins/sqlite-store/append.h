#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "evh/event_store.h"

namespace evh::sqlite_store {

// For waiting and deadlines only; events are stamped with the host's clock.
using Clock = std::chrono::steady_clock;

// One call of append, from its acceptance to its answer. The events are the caller's and valid until `done` was called.
struct Append {
  const evh_new_event* events;
  std::size_t count;  // at least 1
  std::size_t bytes;  // of the events and their texts
  Clock::time_point deadline;
  evh_append_done done;  // nullptr: answered already
  void* ctx;

  [[nodiscard]] static Append make(std::span<const evh_new_event> events, evh_span max_wait, evh_append_done done,
                                   void* ctx) noexcept;
};

// Tells the caller that nothing of it was stored, or that nobody knows. Never EVH_OK.
void answer_failed(const Append& append, evh_code code, std::string_view why) noexcept;
// Its wait was over before it was written.
void answer_timed_out(const Append& append) noexcept;

}  // namespace evh::sqlite_store
