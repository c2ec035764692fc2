#include "append.h"

#include <algorithm>

#include "evh/error.hpp"

namespace evh::sqlite_store {
namespace {

// A wait beyond this is none: it keeps deadlines far from the end of the clock.
constexpr evh_span kLongestWait = 24LL * 3600 * 1'000'000;

std::size_t size_of(std::span<const evh_new_event> events) noexcept {
  std::size_t bytes = events.size_bytes();
  for (const evh_new_event& event : events) bytes += event.action.size + event.metadata.size;
  return bytes;
}

}  // namespace

Append Append::make(std::span<const evh_new_event> events, evh_span max_wait, evh_append_done done,
                    void* ctx) noexcept {
  const std::chrono::microseconds wait{std::clamp<evh_span>(max_wait, 0, kLongestWait)};
  return {events.data(), events.size(), size_of(events), Clock::now() + wait, done, ctx};
}

void answer_failed(const Append& append, evh_code code, std::string_view why) noexcept {
  evh_error error;
  fail(&error, code, why);
  append.done(append.ctx, &error, nullptr, nullptr, append.count);
}

void answer_timed_out(const Append& append) noexcept {
  answer_failed(append, EVH_TIMEOUT, "the event was still queued after its wait: the database is busy or away");
}

}  // namespace evh::sqlite_store
