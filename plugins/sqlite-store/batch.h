// The appends of one transaction and what became of each of their events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "append.h"

namespace evh::sqlite_store {

// Filled by the writer, answered by the answerer; used by one of them at a time.
class Batch {
 public:
  std::vector<Append> appends;

  [[nodiscard]] std::size_t bytes() const noexcept;
  [[nodiscard]] Clock::time_point earliest_deadline() const noexcept;

  // Answers and forgets those whose wait is over at `now`.
  void drop_overdue(Clock::time_point now) noexcept;

  // In the order of the events.
  void add_stored(std::int64_t id);
  void add_refused(std::string_view why);
  // Nothing was stored (or, with EVH_UNKNOWN_OUTCOME, nobody knows), whatever was added.
  void set_failed(evh_code code, std::string_view why) noexcept;

  // The id of the first event that was stored; 0: there is none.
  [[nodiscard]] std::int64_t first_stored() const noexcept;

  // Calls `done` of every append that was not answered before, then forgets everything.
  void answer() noexcept;
  void clear() noexcept;

 private:
  void answer_one(const Append& append, std::size_t first) const noexcept;

  std::vector<std::int64_t> ids_;
  std::vector<evh_code> each_;  // empty as long as none was refused
  struct Refusal {
    std::size_t event;
    std::string why;
  };
  std::vector<Refusal> refusals_;
  evh_error failure_{};  // EVH_OK: none
};

}  // namespace evh::sqlite_store
