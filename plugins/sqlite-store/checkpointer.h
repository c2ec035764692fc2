// Copies the write-ahead log into the database file on a thread of its own, so that the writer seldom waits for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "evh/host.hpp"

namespace evh::sqlite_store {

class Checkpointer {
 public:
  Checkpointer(Host host, std::filesystem::path file) : host_(host), file_(std::move(file)) {}

  void start();
  // Ends the thread. Safe without start, and twice.
  void stop() noexcept;

  // [writer] After each commit: the log has this many frames (pages) now.
  void log_has(int frames);
  // [writer] True once after the thread has copied all but what was written meanwhile: copy that between two
  // transactions, and the log begins anew. Under constant load it would grow for ever otherwise.
  [[nodiscard]] bool wants_rest_copied() noexcept { return wants_rest_copied_.exchange(false); }

 private:
  void run();
  void copy();

  const Host host_;
  const std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool is_due_ = false;
  bool is_stopped_ = false;
  std::atomic<bool> wants_rest_copied_ = false;
  int due_at_ = 0;  // frames; the writer's alone
  std::thread thread_;
};

}  // namespace evh::sqlite_store
