#include "evh/testkit/scan_call.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "evh/text.hpp"

namespace evh::testkit {
namespace {

struct Call {
  ScanEnd end;
  const BlockWatch& watch;
  const std::function<bool()>& cancelled;
};

std::int32_t keep(void* ctx, const evh_event* events, std::size_t count) {
  Call& call = *static_cast<Call*>(ctx);
  call.end.blocks.push_back(count);
  for (std::size_t index = 0; index < count; ++index) {
    call.end.events.push_back(StoredEvent::copy_of(events[index]));
  }
  return call.watch && call.watch(call.end.events) ? 1 : 0;
}

std::int32_t is_cancelled(void* ctx) {
  return static_cast<Call*>(ctx)->cancelled() ? 1 : 0;
}

std::pair<evh_time, std::int64_t> position(const StoredEvent& event) {
  return {event.created_at, event.id};
}

}  // namespace

evh_scan ScanQuery::lent() const noexcept {
  return {.user_id = user_id ? &*user_id : nullptr,
          .action = action ? str(*action) : evh_str{nullptr, 0},
          .from = from,
          .to = to,
          .descending = descending ? 1 : 0,
          .reserved = 0,
          .after_time = after ? after->time : 0,
          .after_id = after ? after->id : 0,
          .limit = limit};
}

std::vector<StoredEvent> ScanQuery::select_from(std::vector<StoredEvent> events) const {
  std::erase_if(events, [&](const StoredEvent& event) {
    if (event.created_at < from || event.created_at > to) return true;
    if (user_id && event.user_id != *user_id) return true;
    if (action && event.action != *action) return true;
    if (!after) return false;
    const std::pair cursor{after->time, after->id};
    return descending ? position(event) >= cursor : position(event) <= cursor;
  });
  std::ranges::sort(events, {}, position);
  if (descending) std::ranges::reverse(events);
  if (limit != 0 && events.size() > limit) events.resize(limit);
  return events;
}

std::ostream& operator<<(std::ostream& out, const ScanQuery& query) {
  out << "scan of [" << query.from << ", " << query.to << ']' << (query.descending ? " descending" : "");
  if (query.user_id) out << " of user " << *query.user_id;
  if (query.action) out << " of action \"" << *query.action << '"';
  if (query.after) out << " after (" << query.after->time << ", " << query.after->id << ')';
  if (query.limit != 0) out << " limit " << query.limit;
  return out;
}

ScanEnd scan(const evh_event_store& store, const ScanQuery& query, const BlockWatch& watch,
             const std::function<bool()>& cancelled) {
  Call call{{}, watch, cancelled};
  const evh_scan lent = query.lent();
  evh_error error{};
  call.end.code = store.scan(store.self, &lent, keep, cancelled ? is_cancelled : nullptr, &call, &error);
  call.end.message = error.message;
  return std::move(call.end);
}

}  // namespace evh::testkit
