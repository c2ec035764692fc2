#include "evh/testkit/test_clock.h"

#include <algorithm>
#include <ranges>

#include "evh/testkit/failures.h"

namespace evh::testkit {

Time TestClock::now() const {
  const std::lock_guard lock(mutex_);
  return current();
}

void TestClock::set(Time now) {
  const std::lock_guard lock(mutex_);
  move_to(now);
}

void TestClock::advance(Span by) {
  const std::lock_guard lock(mutex_);
  move_to(fake_now_ + by);
}

void TestClock::use_real_time() {
  const std::lock_guard lock(mutex_);
  real_ = true;
  moved_.notify_all();
}

std::size_t TestClock::waiting() const {
  const std::lock_guard lock(mutex_);
  return count_waiting();
}

bool TestClock::wait_for_waiters(std::size_t count, Span patience) const {
  std::unique_lock lock(mutex_);
  return arrived_.wait_for(lock, patience, [&] { return count_waiting() >= count; });
}

std::optional<Time> TestClock::next_wakeup() const {
  const std::lock_guard lock(mutex_);
  std::optional<Time> first;
  for (const Waiter& waiter : waiters_) {
    if (!waiter.due && (!first || waiter.until < *first)) first = waiter.until;
  }
  return first;
}

bool TestClock::wait_until(Time until, const std::stop_token& cancelled) {
  constexpr auto kSlice =
      std::chrono::hours{1};  // of real time, so that a time far away does not overflow the machine's clock
  std::unique_lock lock(mutex_);
  if (cancelled.stop_requested()) return false;
  if (until <= current()) return true;
  const auto waiter = waiters_.insert(waiters_.end(), {until});
  arrived_.notify_all();
  while (!waiter->due && !cancelled.stop_requested()) {
    if (real_) {
      moved_.wait_for(lock, cancelled, std::min<Span>(until - current(), kSlice), [&] { return current() >= until; });
      waiter->due = current() >= until;
    } else {
      moved_.wait(lock, cancelled, [&] { return waiter->due || real_; });
    }
  }
  waiters_.erase(waiter);
  return !cancelled.stop_requested();
}

Time TestClock::current() const {
  return real_ ? std::chrono::time_point_cast<Span>(std::chrono::system_clock::now()) : fake_now_;
}

std::size_t TestClock::count_waiting() const {
  return static_cast<std::size_t>(std::ranges::count(waiters_, false, &Waiter::due));
}

void TestClock::move_to(Time now) {
  if (real_) throw Misuse("the test clock runs in real time since use_real_time(): it cannot be turned");
  fake_now_ = now;
  for (Waiter& waiter : waiters_) waiter.due = waiter.due || waiter.until <= now;
  moved_.notify_all();
}

}  // namespace evh::testkit
