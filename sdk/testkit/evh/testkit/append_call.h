// One append to a store, and how it ended.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "evh/event_store.h"
#include "evh/testkit/patience.h"
#include "evh/testkit/stored_event.h"

namespace evh::testkit {

struct AppendEnd {
  evh_code code = EVH_OK;
  std::string message;
  std::vector<std::int64_t> ids;  // one an event; empty when the store gave none
  std::vector<evh_code> each;     // one an event; empty when all fared as `code` says

  // Whether event `index` is durable.
  [[nodiscard]] bool stored(std::size_t index) const;
  [[nodiscard]] bool stored_all() const { return code == EVH_OK && each.empty(); }
};

// Must outlive the store's stop, so that a `done` too many is seen.
class AppendCall {
 public:
  // `then` runs inside `done`, after all else: it must be as quick as `done`.
  explicit AppendCall(std::vector<NewEvent> events, std::function<void()> then = {});
  AppendCall(const AppendCall&) = delete;
  AppendCall& operator=(const AppendCall&) = delete;

  void begin(const evh_event_store& store, Span max_wait = kPatience);

  [[nodiscard]] bool wait(Span patience = kPatience) const;  // until `done` was called
  [[nodiscard]] std::size_t times_done() const;
  [[nodiscard]] AppendEnd end() const;  // of the first `done`
  [[nodiscard]] const std::vector<NewEvent>& events() const noexcept { return events_; }

 private:
  static void done(void* ctx, const evh_error* error, const std::int64_t* ids, const evh_code* each, std::size_t count);

  const std::vector<NewEvent> events_;
  std::vector<evh_new_event> lent_;
  const std::function<void()> then_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::size_t times_done_ = 0;
  AppendEnd end_;
};

}  // namespace evh::testkit
