#include "checkpointer.h"

#include <pthread.h>

#include "database_file.h"

namespace evh::sqlite_store {
namespace {

// 16 MiB of log in pages of 4 KiB.
constexpr int kDueFrames = 4'096;

}  // namespace

void Checkpointer::start() {
  due_at_ = kDueFrames;
  is_stopped_ = false;
  thread_ = std::thread(&Checkpointer::run, this);
  pthread_setname_np(thread_.native_handle(), "sqlite-ckpt");
}

void Checkpointer::stop() noexcept {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wakes_.notify_one();
  thread_.join();
}

void Checkpointer::log_has(int frames) {
  if (frames < kDueFrames) due_at_ = kDueFrames;  // it has begun anew
  if (frames < due_at_) return;
  due_at_ = frames + kDueFrames;  // again when this one did not lead to a new beginning
  {
    const std::lock_guard lock(mutex_);
    is_due_ = true;
  }
  wakes_.notify_one();
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wakes_.wait(lock, [&] { return is_due_ || is_stopped_; });
    if (is_stopped_) return;
    is_due_ = false;
    lock.unlock();
    copy();
    lock.lock();
  }
}

// The connection is opened for each run: it costs a millisecond in seconds, and needs no memory in between.
void Checkpointer::copy() {
  try {
    static_cast<void>(open_for_checkpoints(file_).checkpoint());
    wants_rest_copied_ = true;
  } catch (const std::exception& failure) {
    host_.warn("the write-ahead log could not be copied into the database; it grows until that works",
               {{"why", failure.what()}});
  }
}

}  // namespace evh::sqlite_store
