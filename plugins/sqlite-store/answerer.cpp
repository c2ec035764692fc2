#include "answerer.h"

#include <pthread.h>

#include <algorithm>

namespace evh::sqlite_store {
namespace {

// How many overdue appends are taken in one go: their room is had beforehand, so that telling them never fails.
constexpr std::size_t kOverdueAtOnce = 1'024;

}  // namespace

Answerer::Answerer(AppendQueue& queue) : queue_(queue) {
  free_.reserve(batches_.size());
  handed_over_.reserve(batches_.size());
  timed_out_.reserve(kOverdueAtOnce);
  outcome_unknown_.reserve(kOverdueAtOnce);
  for (Batch& batch : batches_) free_.push_back(&batch);
}

void Answerer::start() {
  thread_ = std::thread(&Answerer::run, this);
  pthread_setname_np(thread_.native_handle(), "sqlite-answers");
}

void Answerer::join() noexcept {
  if (thread_.joinable()) thread_.join();
}

void Answerer::wake_by(Clock::time_point at) {
  const std::lock_guard lock(mutex_);
  if (at >= wake_at_) return;
  wake_at_ = at;
  wakes_.notify_one();
}

Batch& Answerer::free_batch() {
  std::unique_lock lock(mutex_);
  batch_is_free_.wait(lock, [&] { return !free_.empty(); });
  Batch& batch = *free_.back();
  free_.pop_back();
  return batch;
}

void Answerer::commit_begins(Batch& batch) {
  const Clock::time_point earliest = batch.earliest_deadline();
  const std::lock_guard lock(mutex_);
  committing_ = &batch;
  if (earliest >= wake_at_) return;
  wake_at_ = earliest;
  wakes_.notify_one();
}

void Answerer::hand_over(Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    committing_ = nullptr;
    handed_over_.push_back(&batch);
  }
  wakes_.notify_one();
}

void Answerer::finish() {
  {
    const std::lock_guard lock(mutex_);
    is_last_ = true;
  }
  wakes_.notify_one();
}

bool Answerer::wait_until_finished(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  return finished_.wait_until(lock, until, [&] { return is_finished_; });
}

void Answerer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (Clock::now() >= wake_at_) {
      answer_overdue(lock);
    } else if (!handed_over_.empty()) {
      answer_next(lock);
    } else if (is_last_) {
      break;
    } else if (wake_at_ == Clock::time_point::max()) {
      wakes_.wait(lock);
    } else {
      wakes_.wait_until(lock, wake_at_);
    }
  }
  is_finished_ = true;
  finished_.notify_all();
}

void Answerer::answer_next(std::unique_lock<std::mutex>& lock) {
  Batch& batch = *handed_over_.front();
  handed_over_.erase(handed_over_.begin());
  lock.unlock();
  batch.answer();
  lock.lock();
  free_.push_back(&batch);
  batch_is_free_.notify_one();
}

void Answerer::answer_overdue(std::unique_lock<std::mutex>& lock) {
  const Clock::time_point now = Clock::now();
  wake_at_ = take_overdue_of_commit(now);
  lock.unlock();
  const Clock::time_point next = queue_.expire(now, timed_out_);
  for (const Append& append : timed_out_) answer_timed_out(append);
  for (const Append& append : outcome_unknown_) {
    answer_failed(append, EVH_UNKNOWN_OUTCOME, "the disk has not yet confirmed the event: it may have been stored");
  }
  timed_out_.clear();
  outcome_unknown_.clear();
  lock.lock();
  wake_at_ = std::min(wake_at_, next);  // what came by wake_by meanwhile counts, too
}

// As many as there is room for. Returns the earliest deadline of the rest.
Clock::time_point Answerer::take_overdue_of_commit(Clock::time_point now) {
  Clock::time_point earliest = Clock::time_point::max();
  if (committing_ == nullptr) return earliest;
  for (Append& append : committing_->appends) {
    if (append.done == nullptr) continue;
    if (append.deadline > now || outcome_unknown_.size() == outcome_unknown_.capacity()) {
      earliest = std::min(earliest, append.deadline);
      continue;
    }
    outcome_unknown_.push_back(append);
    append.done = nullptr;
  }
  return earliest;
}

}  // namespace evh::sqlite_store
