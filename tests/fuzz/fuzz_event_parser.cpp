// The body of a POST: what is JSON, what event it is, and that every refusal can be written. nlohmann::json is the
// oracle.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "event_parser.h"
#include "event_writer.h"
#include "evh/text.hpp"
#include "json_oracle.h"
#include "json_scanner.h"
#include "require.h"
#include "utf8.h"

namespace {

using namespace evh::http_api;

bool is_within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

bool agree_on_json(std::string_view text) {
  JsonScanner scanner(text);
  JsonMember member;
  while (scanner.next_member(member)) EVH_REQUIRE(is_within(member.key, text) && is_within(member.value, text));
  if (scanner.failed()) {
    EVH_REQUIRE(scanner.error_offset() <= text.size());
    EVH_REQUIRE(find_invalid_utf8(scanner.error_message()) == std::string_view::npos);
    const bool too_deep = scanner.error_message().starts_with("exceeded max depth");
    if (too_deep) EVH_REQUIRE(test::count_brackets(text) > JsonScanner::kMaxDepth);
    if (too_deep) return false;
  }
  const bool accepted = !scanner.failed() && find_invalid_utf8(text) == std::string_view::npos;
  EVH_REQUIRE(accepted == test::oracle_accepts(text));
  return accepted;
}

void agree_on_event(std::string_view text, const ParsedEvent& event) {
  EVH_REQUIRE(event.user_id > 0);
  EVH_REQUIRE(!event.action().empty() && event.action().find('\0') == std::string_view::npos);
  EVH_REQUIRE(find_invalid_utf8(event.action()) == std::string_view::npos);
  if (!nlohmann::json::accept(text)) return;  // lone surrogates, numbers that overflow
  const auto document = nlohmann::json::parse(text);
  EVH_REQUIRE(document.at("user_id").get<std::int64_t>() == event.user_id);
  EVH_REQUIRE(document.at("action").get<std::string>() == event.action());
  const auto metadata = document.value("metadata", nlohmann::json());
  EVH_REQUIRE(nlohmann::json::parse(event.metadata) == (metadata.is_null() ? nlohmann::json::object() : metadata));

  std::string written;
  append_event_json(written, {1, event.user_id, evh::str(event.action()), evh::str(event.metadata), 0});
  const auto back = nlohmann::json::parse(written);
  EVH_REQUIRE(back.at("action") == document.at("action") && back.at("user_id") == document.at("user_id"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool json = agree_on_json(text);
  ParsedEvent event;
  const auto error = parse_event(text, event);
  if (!error) {
    EVH_REQUIRE(json);
    agree_on_event(text, event);
    return 0;
  }
  EVH_REQUIRE(error->status == 400 && !error->details.empty() && error->details.size() < 200);
  EVH_REQUIRE(json || error->error == "invalid request");
  EVH_REQUIRE(nlohmann::json::accept(to_json(*error)));
  return 0;
}
