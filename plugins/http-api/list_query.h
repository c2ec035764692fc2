#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api_error.h"
#include "cursor.h"
#include "evh/event_store.h"
#include "evh/types.h"
#include "query_string.h"

namespace evh::http_api {

/// What a GET of the events asks for, checked.
struct ListQuery {
  static constexpr std::uint32_t kMaxLimit = 10'000;

  evh_time from = 0;                    ///< inclusive, not after `to`
  evh_time to = 0;                      ///< inclusive
  std::optional<std::int64_t> user_id;  ///< positive
  std::optional<std::string> action;    ///< not empty, UTF-8 without NUL
  EventOrder order = EventOrder::kOldestFirst;
  std::optional<std::uint32_t> limit;  ///< 1 to kMaxLimit; nothing: no limit
  std::optional<Cursor> cursor;        ///< of the same order; go on behind it
};

/// Reads from, to, user_id, order, limit, cursor and action, and checks them in this order; from and to also against
/// each other. Other parameters are ignored. A user_id or action with an empty value is as good as absent, as a form
/// sends it for a field left blank. `out` is overwritten, and of no use after an error.
std::optional<ApiError> parse_list_query(const QueryString& parameters, ListQuery& out);

/// The same question to a store. Borrows from `query`, which must stay where it is while the scan is in use.
evh_scan to_scan(const ListQuery& query) noexcept;

/// Where the next page is: `path`, as it came in the request line, and the same parameters but for the cursor, all
/// encoded anew. Only characters that are safe within the `<>` of a Link header, whatever the client sent; always a
/// path on this server. (A query of QueryString::kMaxParameters without a cursor has no room for one: its link is
/// refused.)
std::string next_page_target(std::string_view path, const QueryString& parameters, const Cursor& end_of_page);

}  // namespace evh::http_api
