// Everything between a call of append and its answer.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "answerer.h"
#include "append_queue.h"
#include "checkpointer.h"
#include "settings.h"
#include "writer.h"

namespace evh::sqlite_store {

class WritePath {
 public:
  WritePath(Host host, const Settings& settings);

  // The database is prepared. Throws Error.
  void start();
  // [any thread, in any state]
  void append(std::span<const evh_new_event> events, evh_span max_wait, evh_append_done done, void* ctx) noexcept;
  // Takes no more and finishes what was taken. False: not within `budget`; `left` tells what remains.
  [[nodiscard]] bool drain(std::chrono::microseconds budget, std::string& left);
  // Every append has been answered when it returns. Safe without start, and twice.
  void stop() noexcept;

 private:
  AppendQueue queue_;
  Answerer answerer_;
  Checkpointer checkpointer_;
  Writer writer_;
  bool is_running_ = false;
};

}  // namespace evh::sqlite_store
