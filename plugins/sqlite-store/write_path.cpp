#include "write_path.h"

#include <algorithm>

namespace evh::sqlite_store {
namespace {

// Keeps a transaction short when events are large.
constexpr std::size_t kBatchBytes = 8U << 20U;
// A budget beyond this is none: it keeps deadlines far from the end of the clock.
constexpr std::chrono::microseconds kLongestDrain = std::chrono::hours(24);

}  // namespace

WritePath::WritePath(Host host, const Settings& settings)
    : queue_({.events = settings.queue_events, .bytes = settings.queue_bytes}),
      answerer_(queue_),
      checkpointer_(host, settings.path),
      writer_(host, settings.path, {.events = settings.batch_events, .bytes = kBatchBytes}, queue_, answerer_,
              checkpointer_) {}

void WritePath::start() {
  queue_.open();  // first: the writer ends when it finds the queue closed and empty
  writer_.start();
  answerer_.start();
  checkpointer_.start();
  is_running_ = true;
}

void WritePath::append(std::span<const evh_new_event> events, evh_span max_wait, evh_append_done done,
                       void* ctx) noexcept {
  const Append append = Append::make(events, max_wait, done, ctx);
  switch (queue_.offer(append)) {
    case AppendQueue::Offer::kTaken:
      return;
    case AppendQueue::Offer::kTakenAndDueFirst:
      return answerer_.wake_by(append.deadline);
    case AppendQueue::Offer::kFull:
      return answer_failed(append, EVH_OVERLOADED, "the queue of events to be written is full");
    case AppendQueue::Offer::kTooLarge:
      return answer_failed(
          append, EVH_INVALID,
          "more events or bytes in one append than the whole queue may hold: append fewer at a time, or "
          "raise queue_events or queue_bytes");
    case AppendQueue::Offer::kClosed:
      return answer_failed(append, EVH_UNAVAILABLE, "the store is stopping and takes no more events");
  }
}

bool WritePath::drain(std::chrono::microseconds budget, std::string& left) {
  queue_.close();
  if (!is_running_ || answerer_.wait_until_finished(Clock::now() + std::min(budget, kLongestDrain))) return true;
  const AppendQueue::Backlog backlog = queue_.backlog();
  left = backlog.events > 0 ? std::to_string(backlog.events) + " queued events not yet written"
                            : "a transaction not yet on disk";
  return false;
}

void WritePath::stop() noexcept {
  queue_.close();
  for (const Append& append : queue_.take_all())
    answer_failed(append, EVH_UNAVAILABLE, "the store has stopped before the event was written");
  writer_.join();
  answerer_.join();
  checkpointer_.stop();
  writer_.close();
}

}  // namespace evh::sqlite_store
