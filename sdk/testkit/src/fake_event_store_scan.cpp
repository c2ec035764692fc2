#include <algorithm>

#include "evh/error.hpp"
#include "evh/testkit/outcome.h"
#include "evh/text.hpp"
#include "fake_event_store_state.h"

namespace evh::testkit {
namespace {

constexpr std::size_t kBlockBytes = 1U << 20U;

bool matches(const evh_scan& query, const StoredEvent& event) {
  return (query.user_id == nullptr || *query.user_id == event.user_id) &&
         (query.action.data == nullptr || view(query.action) == event.action);
}

}  // namespace

evh_code FakeEventStore::State::scan(void* self, const evh_scan* query, evh_event_sink sink, evh_cancelled cancelled,
                                     void* ctx, evh_error* error) {
  return static_cast<State*>(self)->scan(*query, sink, cancelled, ctx, error);
}

evh_code FakeEventStore::State::scan(const evh_scan& query, evh_event_sink sink, evh_cancelled cancelled, void* ctx,
                                     evh_error* error) {
  StoreFaults::Scans fault;
  std::size_t block_size = 0;
  {
    const std::lock_guard lock(mutex_);
    ++scans_;
    fault = faults_.scans;
    block_size = block_size_;
  }
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const std::size_t limit = query.limit == 0 ? kAll : query.limit;
  const std::size_t end = fault.code == EVH_OK ? limit : std::min(limit, fault.after);

  std::optional<Position> position;
  if (query.after_id != 0) position = Position{query.after_time, query.after_id};
  for (std::size_t handed_over = 0; handed_over < end;) {
    if (cancelled != nullptr && cancelled(ctx) != 0) return fail(error, EVH_CANCELLED, "the scan was cancelled");
    const std::vector<StoredEvent> block = read(query, position, std::min(block_size, end - handed_over));
    if (block.empty()) break;
    position = Position{block.back().created_at, block.back().id};
    handed_over += block.size();
    std::vector<evh_event> lent;
    for (const StoredEvent& event : block) lent.push_back(event.lent());
    if (sink(ctx, lent.data(), lent.size()) != 0) return EVH_OK;
  }
  if (fault.code == EVH_OK) return EVH_OK;
  return fail(error, fault.code, "a fault that the test has ordered: " + code_name(fault.code));
}

std::vector<StoredEvent> FakeEventStore::State::read(const evh_scan& query, const std::optional<Position>& position,
                                                     std::size_t most) const {
  std::vector<StoredEvent> block;
  if (query.from > query.to) return block;
  const std::lock_guard lock(mutex_);
  auto begin = events_.lower_bound({query.from, std::numeric_limits<std::int64_t>::min()});
  auto end = events_.upper_bound({query.to, std::numeric_limits<std::int64_t>::max()});
  std::size_t bytes = 0;
  const auto collect = [&](auto entry, auto last) {
    for (; entry != last && block.size() < most && bytes < kBlockBytes; ++entry) {
      const StoredEvent& event = entry->second;
      if (!matches(query, event)) continue;
      block.push_back(event);
      bytes += event.action.size() + event.metadata.size();
    }
  };
  if (query.descending == 0) {
    if (position && *position >= Position{query.from, 0}) begin = events_.upper_bound(*position);
    if (!position || position->first <= query.to) collect(begin, end);
  } else {
    if (position && position->first <= query.to) end = events_.lower_bound(*position);
    if (!position || position->first >= query.from) {
      collect(std::make_reverse_iterator(end), std::make_reverse_iterator(begin));
    }
  }
  return block;
}

}  // namespace evh::testkit
