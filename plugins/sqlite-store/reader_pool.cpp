#include "reader_pool.h"

#include <algorithm>

#include "evh/error.hpp"

namespace evh::sqlite_store {
namespace {

constexpr std::chrono::milliseconds kCancelPause{100};

}  // namespace

void ReaderPool::open() {
  const std::lock_guard lock(mutex_);
  is_closed_ = false;
  idle_.reserve(size_);
}

void ReaderPool::close() noexcept {
  std::unique_lock lock(mutex_);
  is_closed_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return on_loan_ == 0; });
  idle_.clear();
}

ReaderPool::Loan ReaderPool::borrow(Clock::time_point until, const std::function<bool()>& is_cancelled) {
  std::unique_ptr<EventReader> reader = wait_for_reader(until, is_cancelled);
  try {
    if (reader != nullptr && reader->has_moved()) reader.reset();
    if (reader == nullptr) reader = std::make_unique<EventReader>(file_);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
  return Loan(*this, std::move(reader));
}

// nullptr: one has to be opened.
std::unique_ptr<EventReader> ReaderPool::wait_for_reader(Clock::time_point until,
                                                         const std::function<bool()>& is_cancelled) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (is_closed_) throw Error(EVH_UNAVAILABLE, "the store has stopped");
    if (on_loan_ < size_) break;
    const Clock::time_point now = Clock::now();
    if (now >= until) throw Error(EVH_OVERLOADED, "every reader of the database is busy (setting readers)");
    const auto can_go_on = [&] { return is_closed_ || on_loan_ < size_; };
    if (changed_.wait_until(lock, std::min(until, now + kCancelPause), can_go_on)) continue;
    lock.unlock();
    if (is_cancelled()) throw Error(EVH_CANCELLED, "the caller has cancelled the scan");
    lock.lock();
  }
  ++on_loan_;
  if (idle_.empty()) return nullptr;
  std::unique_ptr<EventReader> reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void ReaderPool::give_back(std::unique_ptr<EventReader> reader) noexcept {
  const std::lock_guard lock(mutex_);
  if (reader != nullptr && !is_closed_) idle_.push_back(std::move(reader));
  --on_loan_;
  changed_.notify_all();
}

}  // namespace evh::sqlite_store
