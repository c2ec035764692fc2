#include "event_parser.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "json_scanner.h"
#include "json_string.h"
#include "utf8.h"

namespace evh::http_api {
namespace {

ApiError invalid_request(std::string details) {
  return {400, "invalid request", std::move(details)};
}
ApiError validation_failed(std::string details) {
  return {400, "validation failed", std::move(details)};
}

// A number of the client's in an error; it may be as long as the body.
std::string shown_number(std::string_view number) {
  constexpr std::size_t kShownDigits = 40;
  if (number.size() <= kShownDigits) return std::string(number);
  return std::string(number.substr(0, kShownDigits)) + "...";
}

// The members of interest, as far as the body has been read.
class EventMembers {
 public:
  void take(const JsonMember& member) {
    if (member.key_is_plain) {
      take(member.key, member);
    } else {
      std::string key;
      decode_json_string(member.key, key);
      take(key, member);
    }
  }

  const std::optional<ApiError>& type_error() const { return type_error_; }

  std::optional<ApiError> move_to(ParsedEvent& out) const {
    if (user_id_ <= 0) return validation_failed("user_id must be a positive integer");
    out.user_id = user_id_;
    out.metadata = metadata_;
    out.plain_action = action_;
    out.decoded_action.clear();
    if (!action_is_plain_) decode_json_string(action_, out.decoded_action);
    if (out.action().empty()) return validation_failed("action is required");
    if (out.action().find('\0') != std::string_view::npos) return validation_failed("action must not contain NUL");
    return std::nullopt;
  }

 private:
  void take(std::string_view key, const JsonMember& member) {
    if (key == "user_id") {
      take_user_id(member);
    } else if (key == "action") {
      take_action(member);
    } else if (key == "metadata") {
      take_metadata(member);
    }
  }

  void take_user_id(const JsonMember& member) {
    user_id_ = 0;
    if (member.kind == JsonKind::kNull) return;
    if (member.kind != JsonKind::kNumber) return refuse_type("user_id must be an integer, got ", member);
    const char* const end = member.value.data() + member.value.size();
    const auto [read_to, status] = std::from_chars(member.value.data(), end, user_id_);
    if (read_to != end) return refuse_type("user_id must be an integer, got ", member);
    if (status == std::errc::result_out_of_range) refuse_type("user_id must be an integer of 64 bits, got ", member);
  }

  void take_action(const JsonMember& member) {
    action_ = {};
    action_is_plain_ = true;
    if (member.kind == JsonKind::kNull) return;
    if (member.kind != JsonKind::kString) return refuse_type("action must be a string, got ", member);
    action_ = member.value.substr(1, member.value.size() - 2);
    action_is_plain_ = member.value_is_plain;
  }

  void take_metadata(const JsonMember& member) {
    metadata_ = kNoMetadata;
    if (member.kind == JsonKind::kNull) return;
    if (member.kind != JsonKind::kObject) return refuse_type("metadata must be a JSON object, got ", member);
    metadata_ = member.value;
  }

  // The first one is the one that is told.
  void refuse_type(std::string_view wanted, const JsonMember& got) {
    if (type_error_) return;
    std::string details(wanted);
    details.append(to_string(got.kind));
    if (got.kind == JsonKind::kNumber) details.append(" ").append(shown_number(got.value));
    type_error_ = invalid_request(std::move(details));
  }

  static constexpr std::string_view kNoMetadata = "{}";

  std::int64_t user_id_ = 0;  // 0: missing
  std::string_view action_;   // what stands between its quotes
  bool action_is_plain_ = true;
  std::string_view metadata_ = kNoMetadata;
  std::optional<ApiError> type_error_;
};

}  // namespace

std::optional<ApiError> parse_event(std::string_view body, ParsedEvent& out) {
  JsonScanner scanner(body);
  JsonMember member;
  EventMembers members;
  while (scanner.next_member(member)) members.take(member);

  if (scanner.failed()) return invalid_request(scanner.error_message());
  if (const std::size_t offset = find_invalid_utf8(body); offset != std::string_view::npos) {
    return invalid_request("invalid UTF-8 at byte offset " + std::to_string(offset));
  }
  if (scanner.root_kind() != JsonKind::kObject) {
    return invalid_request("the body must be a JSON object, got " + std::string(to_string(scanner.root_kind())));
  }
  if (members.type_error()) return members.type_error();
  return members.move_to(out);
}

}  // namespace evh::http_api
