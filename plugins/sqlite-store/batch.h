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

  [[nodiscard]] std::size_t events() const noexcept;
  [[nodiscard]] Clock::time_point earliest_deadline() const noexcept;

  // In the order of the events.
  void add_stored(std::int64_t id);
  void add_refused(std::string_view why);
  // Nothing was stored (or, with EVH_UNKNOWN_OUTCOME, nobody knows).
  void set_failed(evh_code code, std::string_view why);

  // Ids of the events so far; 0 for a refused one.
  [[nodiscard]] const std::vector<std::int64_t>& ids() const noexcept { return ids_; }

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
  evh_code code_ = EVH_OK;
  std::string why_;
};

}  // namespace evh::sqlite_store
