// What waits for the writer, in the order of its arrival, bounded in events and bytes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "append.h"

namespace evh::sqlite_store {

// Any thread may call anything, unless it says otherwise. It starts closed.
class AppendQueue {
 public:
  struct Bounds {
    std::size_t events, bytes;
  };
  struct Backlog {
    std::size_t appends, events, bytes;
  };

  explicit AppendQueue(Bounds bounds) noexcept : bounds_(bounds) {}

  void open();
  // Takes no more; what is queued stays. The writer wakes up.
  void close();

  enum class Offer {
    kTaken,
    kTakenAndDueFirst,  // its deadline is before every time that expire() has asked to be called at
    kFull,
    kTooLarge,  // more than the bounds of the empty queue
    kClosed
  };
  // Costs a short lock; wakes the writer only when it sleeps. Without memory for it the queue is full.
  Offer offer(const Append& append) noexcept;

  enum class Wake { kWork, kTime, kClosed };
  // [writer] Until something is queued (kWork), `until` has come, or the queue is closed and empty.
  Wake wait(Clock::time_point until);
  // [writer] Until the queue is closed or `until` has come, whatever is queued.
  void pause(Clock::time_point until);

  // [writer] Moves whole appends, oldest first, into `out`, which is empty: as many as `bounds` holds, and at least one
  // if there is any. Throws std::bad_alloc before it has taken any.
  void take(std::vector<Append>& out, Bounds bounds);
  // Moves those past their deadline into `out`, as many as fit into its capacity. Returns when to call it again: at
  // once if more are overdue, else no later than the next deadline, but not more often than is cheap with a long queue.
  Clock::time_point expire(Clock::time_point now, std::vector<Append>& out) noexcept;
  [[nodiscard]] std::vector<Append> take_all() noexcept;

  [[nodiscard]] Backlog backlog() const;

 private:
  [[nodiscard]] bool is_empty() const noexcept { return queued_.size() == first_; }
  [[nodiscard]] std::vector<Append>::iterator at(std::size_t index) noexcept {
    return queued_.begin() + static_cast<std::ptrdiff_t>(index);
  }
  void drop_taken();

  const Bounds bounds_;
  mutable std::mutex mutex_;
  std::condition_variable writer_wakes_;
  bool writer_sleeps_ = false;
  bool is_closed_ = true;
  std::vector<Append> queued_;  // from first_ on; before it are those taken already
  std::size_t first_ = 0;
  std::size_t events_ = 0, bytes_ = 0;
  Clock::time_point next_expiry_ = Clock::time_point::max();
};

}  // namespace evh::sqlite_store
