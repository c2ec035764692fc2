// The thread that calls `done`, so that the writer can begin its next transaction meanwhile, and that answers in time
// what the writer cannot: appends whose wait is over.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "append_queue.h"
#include "batch.h"

namespace evh::sqlite_store {

class Answerer {
 public:
  explicit Answerer(AppendQueue& queue);

  void start();
  // After finish(): joins the thread. Safe without start, and twice.
  void join() noexcept;

  // [any thread] Looks at deadlines no later than `at`.
  void wake_by(Clock::time_point at);

  // [writer] An empty batch. Waits while all are being answered, which bounds what has been written but not answered.
  Batch& free_batch();
  // [writer] From here to hand_over the events' texts are no longer needed: what is due meanwhile is answered
  // EVH_UNKNOWN_OUTCOME.
  void commit_begins(Batch& batch);
  // [writer] `done` of all its appends is called as soon as those before it have been answered.
  void hand_over(Batch& batch);
  // [writer] Nothing more will be handed over.
  void finish();

  // True: everything was answered and finish() was called.
  [[nodiscard]] bool wait_until_finished(Clock::time_point until);

 private:
  void run();
  void answer_next(std::unique_lock<std::mutex>& lock);
  void answer_overdue(std::unique_lock<std::mutex>& lock);
  Clock::time_point take_overdue_of_commit(Clock::time_point now);

  AppendQueue& queue_;
  std::mutex mutex_;
  std::condition_variable wakes_, batch_is_free_, finished_;
  std::array<Batch, 3> batches_;  // one being written, one waiting, one being answered
  std::vector<Batch*> free_;
  std::vector<Batch*> handed_over_;
  Batch* committing_ = nullptr;
  Clock::time_point wake_at_ = Clock::time_point::max();
  std::vector<Append> timed_out_, outcome_unknown_;
  bool is_last_ = false;
  bool is_finished_ = false;
  std::thread thread_;
};

}  // namespace evh::sqlite_store
