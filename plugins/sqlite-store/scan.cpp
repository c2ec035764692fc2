#include "scan.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "event_page.h"
#include "evh/error.hpp"
#include "evh/text.hpp"

namespace evh::sqlite_store {
namespace {

// How long the first page waits for a reader. Later ones wait as long as it takes: the caller has a part of the result
// already.
constexpr std::chrono::seconds kLongestWait{1};
// A page ends after this time with what it has, also when it is nothing because of the action filter: `cancelled` is
// asked in between, and the write-ahead log can be reset.
constexpr std::chrono::milliseconds kPageTime{20};
// The clock is read once in so many events.
constexpr std::size_t kEventsPerClock = 64;

bool is_before(Position a, Position b) noexcept {
  return a.time < b.time || (a.time == b.time && a.id < b.id);
}

Position start_of(const evh_scan& query) noexcept {
  const Position cursor{query.after_time, query.after_id};
  const bool has_cursor = query.after_id != 0;
  if (query.descending == 0) {
    const Position start{query.from, 0};
    return has_cursor && is_before(start, cursor) ? cursor : start;
  }
  const Position start{query.to, std::numeric_limits<std::int64_t>::max()};
  return has_cursor && is_before(cursor, start) ? cursor : start;
}

class Scan {
 public:
  explicit Scan(const evh_scan& query)
      : walk_{query.user_id == nullptr ? std::nullopt : std::optional(*query.user_id), query.descending != 0,
              query.descending != 0 ? query.from : query.to},
        action_(query.action.data == nullptr ? std::nullopt : std::optional(view(query.action))),
        position_(start_of(query)),
        left_(query.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : query.limit) {}

  // A cursor may lie behind the last event that is asked for.
  [[nodiscard]] bool is_past_the_end() const noexcept {
    return walk_.is_descending ? position_.time < walk_.last : position_.time > walk_.last;
  }

  // Fills the page with what comes next. True: there is nothing behind it.
  bool read_page(EventReader& reader, EventPage& page) {
    const Clock::time_point deadline = Clock::now() + kPageTime;
    std::size_t seen = 0;
    const bool is_end = reader.read(walk_, position_, [&](const evh_event& event) {
      if (++seen % kEventsPerClock == 0 && Clock::now() > deadline) return false;
      if (!action_ || view(event.action) == *action_) {
        if (!page.add(event)) return false;
        --left_;
      }
      position_ = {event.created_at, event.id};
      return left_ > 0;
    });
    return is_end || left_ == 0;
  }

 private:
  Walk walk_;
  std::optional<std::string_view> action_;
  Position position_;
  std::uint64_t left_;
};

}  // namespace

evh_code scan(ReaderPool& pool, const evh_scan& query, evh_event_sink sink, evh_cancelled cancelled, void* ctx) {
  const auto is_cancelled = [&] { return cancelled != nullptr && cancelled(ctx) != 0; };
  Scan scan(query);
  EventPage page;
  Clock::time_point patience = Clock::now() + kLongestWait;
  bool is_last = scan.is_past_the_end();
  while (!is_last) {
    if (is_cancelled()) throw Error(EVH_CANCELLED, "the caller has cancelled the scan");
    page.clear();
    {
      const ReaderPool::Loan reader = pool.borrow(patience, is_cancelled);
      is_last = scan.read_page(*reader.operator->(), page);
    }
    if (page.events().empty()) continue;
    if (sink(ctx, page.events().data(), page.events().size()) != 0) return EVH_OK;
    patience = Clock::time_point::max();
  }
  return EVH_OK;
}

}  // namespace evh::sqlite_store
