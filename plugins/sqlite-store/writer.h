// The one thread that writes: everything that was queued while the last transaction committed is the next transaction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
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
  // Closes the database. The thread has ended.
  void close() noexcept { table_.reset(); }

 private:
  void run() noexcept;
  void write_next_batch() noexcept;
  bool open_transaction();
  bool try_open();
  void insert(Batch& batch);
  void commit(Batch& batch);
  void settle_failed_commit(Batch& batch, int result, std::string_view why) noexcept;
  bool is_void(const Batch& batch, int result) noexcept;
  void fail_batch(Batch& batch, evh_code code, std::string_view why) noexcept;
  void note_lack_of_room(const Batch& batch, int primary) noexcept;
  bool copy_log() noexcept;
  bool has_room_again() noexcept;
  void works() noexcept;
  void back_off() noexcept;
  void probe() noexcept;
  [[nodiscard]] evh_time stamp() noexcept;

  const Host host_;
  const std::filesystem::path file_, log_;
  const AppendQueue::Bounds batch_bounds_;
  AppendQueue& queue_;
  Answerer& answerer_;
  Checkpointer& checkpointer_;
  WriteHealth health_;
  std::unique_ptr<EventTable> table_;  // nullptr after a failure: opened anew before the next transaction
  std::size_t missing_room_ = 0;       // bytes that a transaction may have failed for want of
  Clock::time_point look_for_room_at_{};
  evh_time last_stamp_ = 0;
  Clock::duration back_off_{};
  std::thread thread_;
};

}  // namespace evh::sqlite_store
