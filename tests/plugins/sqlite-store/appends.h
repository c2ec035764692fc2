// Appends for the parts that carry them, and what became of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "append.h"
#include "evh/testkit/stored_event.h"

namespace evh::sqlite_store::test {

struct Ended {
  int number;  // of the append
  evh_code code;
  std::string message;
  std::vector<std::int64_t> ids;
  std::vector<evh_code> each;
};

// Makes appends that are numbered 0, 1, ... and collects their ends in the order of `done`.
class Appends {
 public:
  Append make(std::size_t events = 1, std::chrono::microseconds max_wait = std::chrono::hours(1),
              std::size_t action_bytes = 10) {
    Call& call = calls_.emplace_back();
    call.owner = this;
    call.number = static_cast<int>(calls_.size()) - 1;
    call.event.action.assign(action_bytes, 'x');
    call.lent.assign(events, call.event.lent());
    return Append::make(call.lent, max_wait.count(), &Appends::done, &call);
  }

  [[nodiscard]] std::vector<Ended> ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  [[nodiscard]] std::vector<int> ended_numbers() const {
    std::vector<int> numbers;
    for (const Ended& end : ended()) numbers.push_back(end.number);
    return numbers;
  }
  static int number_of(const Append& append) { return static_cast<Call*>(append.ctx)->number; }

 private:
  struct Call {
    Appends* owner;
    int number;
    testkit::NewEvent event;
    std::vector<evh_new_event> lent;
  };

  static void done(void* ctx, const evh_error* error, const std::int64_t* ids, const evh_code* each,
                   std::size_t count) {
    const Call& call = *static_cast<Call*>(ctx);
    Ended end{call.number, error->code, error->message, {}, {}};
    if (ids != nullptr) end.ids.assign(ids, ids + count);
    if (each != nullptr) end.each.assign(each, each + count);
    const std::lock_guard lock(call.owner->mutex_);
    call.owner->ended_.push_back(std::move(end));
  }

  std::deque<Call> calls_;
  mutable std::mutex mutex_;
  std::vector<Ended> ended_;
};

inline std::vector<int> numbers_of(const std::vector<Append>& appends) {
  std::vector<int> numbers;
  for (const Append& append : appends) numbers.push_back(Appends::number_of(append));
  return numbers;
}

}  // namespace evh::sqlite_store::test
