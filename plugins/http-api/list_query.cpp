#include "list_query.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "evh/text.hpp"
#include "percent_encoding.h"
#include "quote.h"
#include "time_format.h"
#include "utf8.h"

namespace evh::http_api {
namespace {

constexpr const char* kCursorName = "cursor";

ApiError invalid_time(std::string details) {
  return {400, "invalid time format", std::move(details)};
}
ApiError invalid_parameter(std::string details) {
  return {400, "invalid parameter", std::move(details)};
}

// Digits, maybe with a minus, and nothing else, that fit.
template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  Integer value = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc() || read_to != end) return std::nullopt;
  return value;
}

std::optional<ApiError> read_time(const QueryString& parameters, const char* name, evh_time& out) {
  const std::string_view value = parameters.find(name).value_or("");
  const std::string where = std::string("invalid ") + name + " parameter: ";
  if (value.empty()) return invalid_time(where + "empty time string");
  const auto time = parse_time_parameter(value);
  if (!time) return invalid_time(where + "unrecognized time format: " + quote_text(value));
  out = *time;
  return std::nullopt;
}

std::optional<ApiError> read_range(const QueryString& parameters, ListQuery& out) {
  if (auto error = read_time(parameters, "from", out.from)) return error;
  if (auto error = read_time(parameters, "to", out.to)) return error;
  if (out.from > out.to) return invalid_time("from must be before or equal to to");
  return std::nullopt;
}

std::optional<ApiError> read_user_id(const QueryString& parameters, ListQuery& out) {
  const std::string_view value = parameters.find("user_id").value_or("");
  if (value.empty()) return std::nullopt;
  out.user_id = parse_integer<std::int64_t>(value);
  if (!out.user_id) return ApiError{400, "invalid user_id", "user_id must be an integer, got " + quote_text(value)};
  if (*out.user_id <= 0) return ApiError{400, "validation failed", "user_id must be a positive integer"};
  return std::nullopt;
}

std::optional<ApiError> read_order(const QueryString& parameters, ListQuery& out) {
  const auto value = parameters.find("order");
  if (!value) return std::nullopt;
  for (const EventOrder order : {EventOrder::kOldestFirst, EventOrder::kNewestFirst}) {
    if (*value != to_string(order)) continue;
    out.order = order;
    return std::nullopt;
  }
  return invalid_parameter("order must be asc or desc, got " + quote_text(*value));
}

std::optional<ApiError> read_limit(const QueryString& parameters, ListQuery& out) {
  const auto value = parameters.find("limit");
  if (!value) return std::nullopt;
  out.limit = parse_integer<std::uint32_t>(*value);
  if (out.limit && *out.limit >= 1 && *out.limit <= ListQuery::kMaxLimit) return std::nullopt;
  return invalid_parameter("limit must be from 1 to " + std::to_string(ListQuery::kMaxLimit) + ", got " +
                           quote_text(*value));
}

std::optional<ApiError> read_cursor(const QueryString& parameters, ListQuery& out) {
  const auto value = parameters.find(kCursorName);
  if (!value) return std::nullopt;
  out.cursor = decode_cursor(*value);
  if (!out.cursor) return invalid_parameter("cursor is not one that this service gave out");
  if (out.cursor->order == out.order) return std::nullopt;
  return invalid_parameter("cursor belongs to order=" + std::string(to_string(out.cursor->order)) +
                           ", but the request has order=" + std::string(to_string(out.order)));
}

std::optional<ApiError> read_action(const QueryString& parameters, ListQuery& out) {
  const std::string_view value = parameters.find("action").value_or("");
  if (value.empty()) return std::nullopt;
  if (value.find('\0') != std::string_view::npos) return invalid_parameter("action must not contain NUL");
  if (const std::size_t offset = find_invalid_utf8(value); offset != std::string_view::npos) {
    return invalid_parameter("action must be UTF-8, but is not at byte offset " + std::to_string(offset));
  }
  out.action = value;
  return std::nullopt;
}

void append_parameter(std::string& out, std::string_view name, std::string_view value) {
  append_percent_encoded(out, name);
  out.push_back('=');
  append_percent_encoded(out, value);
}

}  // namespace

std::optional<ApiError> parse_list_query(const QueryString& parameters, ListQuery& out) {
  out = {};
  for (const auto read : {read_range, read_user_id, read_order, read_limit, read_cursor, read_action}) {
    if (auto error = read(parameters, out)) return error;
  }
  return std::nullopt;
}

evh_scan to_scan(const ListQuery& query) noexcept {
  evh_scan scan{};
  scan.user_id = query.user_id ? &*query.user_id : nullptr;
  if (query.action) scan.action = str(*query.action);
  scan.from = query.from;
  scan.to = query.to;
  scan.descending = query.order == EventOrder::kNewestFirst ? 1 : 0;
  if (query.cursor) {
    scan.after_time = query.cursor->created_at;
    scan.after_id = query.cursor->id;
  }
  scan.limit = query.limit.value_or(0);
  return scan;
}

std::string next_page_target(std::string_view path, const QueryString& parameters, const Cursor& end_of_page) {
  // Two slashes in front would name another host.
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  std::string target = "/";
  append_encoded_path(target, path);
  target.push_back('?');
  for (const QueryParameter& parameter : parameters.parameters()) {
    if (parameter.name == kCursorName) continue;
    append_parameter(target, parameter.name, parameter.value);
    target.push_back('&');
  }
  append_parameter(target, kCursorName, encode_cursor(end_of_page));
  return target;
}

}  // namespace evh::http_api
