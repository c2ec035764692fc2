#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evh/types.h"

namespace evh::http_api {

enum class EventOrder : std::uint8_t { kOldestFirst, kNewestFirst };

/// "asc" or "desc", as in the query.
std::string_view to_string(EventOrder order) noexcept;

/// Where a page ended: the place of its last event in the order of (created_at, id).
struct Cursor {
  evh_time created_at = 0;
  std::int64_t id = 0;  ///< positive
  EventOrder order = EventOrder::kOldestFirst;

  bool operator==(const Cursor&) const = default;
};

/// 28 characters out of `A-Z a-z 0-9 - _`, opaque to clients. A checksum tells damaged ones; it is no secret, as a
/// cursor gives access to nothing that the query does not.
std::string encode_cursor(const Cursor& cursor);

/// Nothing, unless `text` is exactly what encode_cursor made of some cursor with a positive id.
std::optional<Cursor> decode_cursor(std::string_view text) noexcept;

}  // namespace evh::http_api
