#include "append_queue.h"

#include <algorithm>
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

AppendQueue::Offer AppendQueue::offer(const Append& append) {
  if (append.count > bounds_.events || append.bytes > bounds_.bytes) return Offer::kTooLarge;
  bool writer_sleeps = false;
  bool is_due_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return Offer::kClosed;
    if (events_ + append.count > bounds_.events || bytes_ + append.bytes > bounds_.bytes) return Offer::kFull;
    queued_.push_back(append);
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
  while (!is_empty()) {
    const Append& next = queued_[first_];
    if (events > 0 && (events + next.count > bounds.events || bytes + next.bytes > bounds.bytes)) break;
    events += next.count;
    bytes += next.bytes;
    out.push_back(next);
    ++first_;
  }
  events_ -= events;
  bytes_ -= bytes;
  drop_taken();
}

Clock::time_point AppendQueue::expire(Clock::time_point now, std::vector<Append>& out) {
  const std::lock_guard lock(mutex_);
  Clock::time_point earliest = Clock::time_point::max();
  const auto stays = [&](const Append& append) {
    if (append.deadline <= now) return false;
    earliest = std::min(earliest, append.deadline);
    return true;
  };
  const auto begin = queued_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto end_of_rest = std::stable_partition(begin, queued_.end(), stays);
  for (auto expired = end_of_rest; expired != queued_.end(); ++expired) {
    events_ -= expired->count;
    bytes_ -= expired->bytes;
    out.push_back(*expired);
  }
  queued_.erase(end_of_rest, queued_.end());
  if (earliest != Clock::time_point::max()) earliest = std::max(earliest, now + kExpiryPause);
  next_expiry_ = earliest;
  return earliest;
}

void AppendQueue::take_all(std::vector<Append>& out) {
  const std::lock_guard lock(mutex_);
  out.insert(out.end(), queued_.begin() + static_cast<std::ptrdiff_t>(first_), queued_.end());
  queued_.clear();
  first_ = events_ = bytes_ = 0;
}

AppendQueue::Backlog AppendQueue::backlog() const {
  const std::lock_guard lock(mutex_);
  return {queued_.size() - first_, events_, bytes_};
}

// Moves the rest to the front once it is the smaller part, so that each append is moved less than once on average.
void AppendQueue::drop_taken() {
  if (first_ * 2 < queued_.size()) return;
  queued_.erase(queued_.begin(), queued_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

}  // namespace evh::sqlite_store
