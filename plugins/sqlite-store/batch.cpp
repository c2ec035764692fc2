#include "batch.h"

#include <algorithm>

#include "evh/error.hpp"

namespace evh::sqlite_store {
namespace {

// Room that is kept from batch to batch; what one huge batch needed is given back.
constexpr std::size_t kKeptEvents = 16'384;

}  // namespace

std::size_t Batch::bytes() const noexcept {
  std::size_t bytes = 0;
  for (const Append& append : appends) bytes += append.bytes;
  return bytes;
}

Clock::time_point Batch::earliest_deadline() const noexcept {
  Clock::time_point earliest = Clock::time_point::max();
  for (const Append& append : appends) earliest = std::min(earliest, append.deadline);
  return earliest;
}

void Batch::drop_overdue(Clock::time_point now) noexcept {
  std::erase_if(appends, [now](const Append& append) {
    if (append.deadline > now) return false;
    answer_timed_out(append);
    return true;
  });
}

void Batch::add_stored(std::int64_t id) {
  ids_.push_back(id);
  if (!each_.empty()) each_.push_back(EVH_OK);
}

void Batch::add_refused(std::string_view why) {
  if (each_.empty()) each_.assign(ids_.size(), EVH_OK);
  refusals_.push_back({ids_.size(), std::string(why)});
  ids_.push_back(0);
  each_.push_back(EVH_INVALID);
}

std::int64_t Batch::first_stored() const noexcept {
  const auto stored = std::find_if(ids_.begin(), ids_.end(), [](std::int64_t id) { return id != 0; });
  return stored == ids_.end() ? 0 : *stored;
}

void Batch::set_failed(evh_code code, std::string_view why) noexcept {
  fail(&failure_, code, why);
}

void Batch::answer() noexcept {
  std::size_t first = 0;
  for (const Append& append : appends) {
    if (append.done != nullptr) answer_one(append, first);
    first += append.count;
  }
  clear();
}

void Batch::answer_one(const Append& append, std::size_t first) const noexcept {
  if (failure_.code != EVH_OK) return answer_failed(append, failure_.code, failure_.message);

  evh_error error;
  error.code = EVH_OK;
  error.message[0] = '\0';
  const std::int64_t* const ids = ids_.data() + first;
  const auto refusal = std::lower_bound(refusals_.begin(), refusals_.end(), first,
                                        [](const Refusal& one, std::size_t event) { return one.event < event; });
  if (refusal == refusals_.end() || refusal->event >= first + append.count) {
    append.done(append.ctx, &error, ids, nullptr, append.count);
    return;
  }
  const evh_code* const each = each_.data() + first;
  const bool all_refused = std::none_of(each, each + append.count, [](evh_code code) { return code == EVH_OK; });
  if (all_refused) return answer_failed(append, EVH_INVALID, refusal->why);
  fail(&error, EVH_OK, refusal->why);
  append.done(append.ctx, &error, ids, each, append.count);
}

void Batch::clear() noexcept {
  appends.clear();
  ids_.clear();
  each_.clear();
  refusals_.clear();
  failure_.code = EVH_OK;
  if (appends.capacity() > kKeptEvents) appends = {};
  if (ids_.capacity() > kKeptEvents) ids_ = {};
}

}  // namespace evh::sqlite_store
