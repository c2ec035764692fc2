// The query of a GET: its parameters, the question they ask, the cursor, and the link to the next page.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "list_query.h"
#include "percent_encoding.h"
#include "require.h"
#include "time_format.h"
#include "utf8.h"

namespace {

using namespace evh::http_api;

void be_a_refusal(const ApiError& error) {
  EVH_REQUIRE(error.status == 400 && !error.error.empty() && !error.details.empty() && error.details.size() < 1000);
  EVH_REQUIRE(find_invalid_utf8(to_json(error)) == std::string_view::npos);
}

// The next page is the same question, but for the cursor.
void lead_on(std::string_view path, const QueryString& parameters, const ListQuery& query) {
  const Cursor end{query.to, 42, query.order};
  const std::string target = next_page_target(path, parameters, end);
  EVH_REQUIRE(target.starts_with('/') && !target.starts_with("//"));
  for (const char c : target) EVH_REQUIRE(c > ' ' && c < '\x7F' && c != '<' && c != '>' && c != '"');
  const std::string_view raw = std::string_view(target).substr(target.find('?') + 1);

  QueryString again;
  ListQuery next;
  const bool had_cursor = parameters.find("cursor").has_value();
  const bool full = parameters.parameters().size() == QueryString::kMaxParameters && !had_cursor;
  const auto error = QueryString::parse(raw, again);
  EVH_REQUIRE(error.has_value() == full);
  if (full) return;
  EVH_REQUIRE(!parse_list_query(again, next).has_value());
  EVH_REQUIRE(next.from == query.from && next.to == query.to && next.user_id == query.user_id);
  EVH_REQUIRE(next.action == query.action && next.order == query.order && next.limit == query.limit);
  EVH_REQUIRE(next.cursor == end);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto cursor = decode_cursor(text)) EVH_REQUIRE(encode_cursor(*cursor) == text);
  if (const auto decoded = decode_form(text)) {
    std::string encoded;
    append_percent_encoded(encoded, *decoded);
    EVH_REQUIRE(decode_form(encoded) == decoded);
  }

  QueryString parameters;
  if (const auto error = QueryString::parse(text, parameters)) {
    be_a_refusal(*error);
    return 0;
  }
  ListQuery query;
  if (const auto error = parse_list_query(parameters, query)) {
    be_a_refusal(*error);
    return 0;
  }
  EVH_REQUIRE(query.from <= query.to && query.from >= kFirstTime && query.to <= kLastTime);
  if (query.cursor) EVH_REQUIRE(query.cursor->order == query.order);
  lead_on(text, parameters, query);
  return 0;
}
