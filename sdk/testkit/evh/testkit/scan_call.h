// One scan of a store, and what it handed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "evh/event_store.h"
#include "evh/testkit/stored_event.h"

namespace evh::testkit {

// evh_scan with texts of its own; by default all there is.
struct ScanQuery {
  struct Cursor {
    evh_time time = 0;
    std::int64_t id = 0;
  };

  std::optional<std::int64_t> user_id = std::nullopt;
  std::optional<std::string> action = std::nullopt;
  evh_time from = std::numeric_limits<evh_time>::min();
  evh_time to = std::numeric_limits<evh_time>::max();
  bool descending = false;
  std::optional<Cursor> after = std::nullopt;
  std::uint64_t limit = 0;

  // Lends the texts: good as long as this query is neither changed nor moved.
  [[nodiscard]] evh_scan lent() const noexcept;
  // What a store that holds `events`, in any order, should hand over.
  [[nodiscard]] std::vector<StoredEvent> select_from(std::vector<StoredEvent> events) const;
};

std::ostream& operator<<(std::ostream& out, const ScanQuery& query);

struct ScanEnd {
  evh_code code = EVH_OK;
  std::string message;  // as the store filled it; empty when it did not
  std::vector<StoredEvent> events;
  std::vector<std::size_t> blocks;  // events in each
};

// Called with each block after it was kept. True: enough.
using BlockWatch = std::function<bool(const std::vector<StoredEvent>& so_far)>;

// Scans on the caller's thread. `cancelled` is NULL for the store when it is empty.
[[nodiscard]] ScanEnd scan(const evh_event_store& store, const ScanQuery& query = {}, const BlockWatch& watch = {},
                           const std::function<bool()>& cancelled = {});

}  // namespace evh::testkit
