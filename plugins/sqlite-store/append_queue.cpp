#include "append_queue.h"

#include <algorithm>
#include <new>
#include <utility>

namespace evh::sqlite_store {
namespace {

// expire() walks the whole queue: with 100,000 appends queued that is some 100 us under the lock.
constexpr std::chrono::milliseconds kExpiryPause{5};

}  // namespace

void AppendQueue::open() {
  const std::lock_guard lock(mutex_);
  is_closed_ = false;
}

void AppendQueue::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  writer_wakes_.notify_all();
}

AppendQueue::Offer AppendQueue::offer(const Append& append) noexcept {
  if (append.count > bounds_.events || append.bytes > bounds_.bytes) return Offer::kTooLarge;
  bool writer_sleeps = false;
  bool is_due_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return Offer::kClosed;
    if (events_ + append.count > bounds_.events || bytes_ + append.bytes > bounds_.bytes) return Offer::kFull;
    try {
      queued_.push_back(append);
    } catch (const std::bad_alloc&) {
      return Offer::kFull;
    }
    events_ += append.count;
    bytes_ += append.bytes;
    writer_sleeps = std::exchange(writer_sleeps_, false);
    is_due_first = append.deadline < next_expiry_;
    if (is_due_first) next_expiry_ = append.deadline;
  }
  if (writer_sleeps) writer_wakes_.notify_one();
  return is_due_first ? Offer::kTakenAndDueFirst : Offer::kTaken;
}

AppendQueue::Wake AppendQueue::wait(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  while (is_empty()) {
    if (is_closed_) return Wake::kClosed;
    if (Clock::now() >= until) return Wake::kTime;
    writer_sleeps_ = true;
    if (until == Clock::time_point::max()) {
      writer_wakes_.wait(lock);
    } else {
      writer_wakes_.wait_until(lock, until);
    }
    writer_sleeps_ = false;
  }
  return Wake::kWork;
}

void AppendQueue::pause(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  writer_wakes_.wait_until(lock, until, [&] { return is_closed_; });
}

void AppendQueue::take(std::vector<Append>& out, Bounds bounds) {
  const std::lock_guard lock(mutex_);
  if (first_ == 0 && events_ <= bounds.events && bytes_ <= bounds.bytes) {
    std::swap(out, queued_);
    events_ = bytes_ = 0;
    return;
  }
  std::size_t events = 0;
  std::size_t bytes = 0;
  std::size_t end = first_;
  for (; end < queued_.size(); ++end) {
    const Append& next = queued_[end];
    if (end > first_ && (events + next.count > bounds.events || bytes + next.bytes > bounds.bytes)) break;
    events += next.count;
    bytes += next.bytes;
  }
  out.assign(at(first_), at(end));
  first_ = end;
  events_ -= events;
  bytes_ -= bytes;
  drop_taken();
}

Clock::time_point AppendQueue::expire(Clock::time_point now, std::vector<Append>& out) noexcept {
  const std::lock_guard lock(mutex_);
  Clock::time_point next = Clock::time_point::max();
  auto kept = at(first_);
  for (auto append = kept; append != queued_.end(); ++append) {
    if (append->deadline <= now && out.size() < out.capacity()) {
      events_ -= append->count;
      bytes_ -= append->bytes;
      out.push_back(*append);
      continue;
    }
    next = std::min(next, append->deadline);
    if (kept != append) *kept = *append;
    ++kept;
  }
  queued_.erase(kept, queued_.end());
  if (next > now && next != Clock::time_point::max()) next = std::max(next, now + kExpiryPause);
  next_expiry_ = next;
  return next;
}

std::vector<Append> AppendQueue::take_all() noexcept {
  const std::lock_guard lock(mutex_);
  queued_.erase(queued_.begin(), at(first_));
  first_ = events_ = bytes_ = 0;
  return std::exchange(queued_, {});
}

AppendQueue::Backlog AppendQueue::backlog() const {
  const std::lock_guard lock(mutex_);
  return {queued_.size() - first_, events_, bytes_};
}

// Moves the rest to the front once it is the smaller part, so that each append is moved less than once on average.
void AppendQueue::drop_taken() {
  if (first_ * 2 < queued_.size()) return;
  queued_.erase(queued_.begin(), at(first_));
  first_ = 0;
}

}  // namespace evh::sqlite_store
