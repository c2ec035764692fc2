// The clock behind evh_host.now and evh_host.wait_until. It stands still until the test moves it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>

#include "evh/testkit/patience.h"
#include "evh/time.hpp"

namespace evh::testkit {

// Every function may be called from any thread.
class TestClock {
 public:
  static constexpr Time kStart = std::chrono::sys_days{std::chrono::January / 1 / 2025};

  [[nodiscard]] Time now() const;

  // Every wait that ends at or before the new time ends. Going back is allowed: wall clocks do.
  void set(Time now);
  void advance(Span by);

  // From now on it is the machine's clock; set and advance throw Misuse. For tests that are about real pace.
  void use_real_time();

  // Threads that block in wait_until. One whose time has come is not counted any more, even if it has not run yet; so
  // after advance, waiting() == 1 means that the thread went round and waits again.
  [[nodiscard]] std::size_t waiting() const;

  // Until at least `count` threads wait; false when patience (in real time) is over.
  [[nodiscard]] bool wait_for_waiters(std::size_t count, Span patience = kPatience) const;

  // When the first of the waiting threads is due: advance to it with set(*next_wakeup()).
  [[nodiscard]] std::optional<Time> next_wakeup() const;

  // For fakes. Blocks until the clock reaches `until` (true), or stop is requested (false; also when it was before).
  bool wait_until(Time until, const std::stop_token& cancelled);

 private:
  struct Waiter {
    Time until;
    bool due = false;
  };

  [[nodiscard]] Time current() const;
  [[nodiscard]] std::size_t count_waiting() const;
  void move_to(Time now);

  mutable std::mutex mutex_;
  mutable std::condition_variable_any moved_;
  mutable std::condition_variable_any arrived_;
  Time fake_now_ = kStart;
  bool real_ = false;
  std::list<Waiter> waiters_;
};

}  // namespace evh::testkit
