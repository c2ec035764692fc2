// The one thread that writes: everything that was queued while the last transaction committed is the next transaction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <thread>

#include "answerer.h"
#include "append_queue.h"
#include "checkpointer.h"
#include "event_table.h"
#include "evh/host.hpp"
#include "write_health.h"

namespace evh::sqlite_store {

class Writer {
 public:
  Writer(Host host, std::filesystem::path file, AppendQueue::Bounds batch, AppendQueue& queue, Answerer& answerer,
         Checkpointer& checkpointer);

  // Opens the prepared database and starts the thread, which ends when the queue is closed and empty. Throws Error.
  void start();
  // Waits for the end of the thread. Safe without start, and twice.
  void join() noexcept;

 private:
  void run();
  void write_next_batch();
  bool open_transaction();
  void insert(Batch& batch);
  void commit(Batch& batch);
  void settle_failed_commit(Batch& batch, const DatabaseError& failure);
  void fail_batch(Batch& batch, std::string_view why);
  void back_off();
  void probe();
  [[nodiscard]] evh_time stamp();

  const Host host_;
  const std::filesystem::path file_;
  const AppendQueue::Bounds batch_bounds_;
  AppendQueue& queue_;
  Answerer& answerer_;
  Checkpointer& checkpointer_;
  WriteHealth health_;
  std::unique_ptr<EventTable> table_;  // nullptr after a failure: opened anew before the next transaction
  evh_time last_stamp_ = 0;
  Clock::duration back_off_{};
  std::thread thread_;
};

}  // namespace evh::sqlite_store
