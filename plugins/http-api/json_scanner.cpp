#include "json_scanner.h"

#include <bit>
#include <cstring>

#include "quote.h"

namespace evh::http_api {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) noexcept {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool is_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Ends a run of plain bytes in a string: the quote, the backslash, and control characters, which must not be there.
bool is_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighBits = 0x8080808080808080U;

// The high bit of each byte that is below `bound` (at most 0x80). The lowest one is exact, those above it may be false.
constexpr std::uint64_t bytes_below(std::uint64_t word, std::uint64_t bound) noexcept {
  return (word - kOnes * bound) & ~word & kHighBits;
}

constexpr std::uint64_t bytes_equal(std::uint64_t word, char c) noexcept {
  return bytes_below(word ^ (kOnes * static_cast<unsigned char>(c)), 1);
}

// The first special byte, or `end`; eight bytes at a time, for strings are most of a body.
const char* skip_plain(const char* at, const char* end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    while (end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      const std::uint64_t special = bytes_below(word, 0x20) | bytes_equal(word, '"') | bytes_equal(word, '\\');
      if (special != 0) return at + std::countr_zero(special) / 8;
      at += 8;
    }
  }
  while (at != end && !is_special(*at)) ++at;
  return at;
}

JsonKind kind_of(char first) noexcept {
  switch (first) {
    case '{':
      return JsonKind::kObject;
    case '[':
      return JsonKind::kArray;
    case '"':
      return JsonKind::kString;
    case 't':
    case 'f':
      return JsonKind::kBoolean;
    case 'n':
      return JsonKind::kNull;
    default:
      return JsonKind::kNumber;
  }
}

}  // namespace

std::string_view to_string(JsonKind kind) noexcept {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return "boolean";
    case JsonKind::kNumber:
      return "number";
    case JsonKind::kString:
      return "string";
    case JsonKind::kArray:
      return "array";
    case JsonKind::kObject:
      return "object";
  }
  return "value";
}

JsonScanner::JsonScanner(std::string_view text) noexcept
    : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

bool JsonScanner::next_member(JsonMember& out) noexcept {
  switch (state_) {
    case State::kDone:
      return false;
    case State::kStart:
      if (!begin_root()) return false;
      break;
    case State::kMembers:
      if (!begin_later_member()) return false;
      break;
  }
  if (!scan_key(out.key)) return false;
  out.key_is_plain = string_is_plain_;
  skip_space();
  const char* const value = at_;
  if (!scan_value()) return false;
  out.value = {value, static_cast<std::size_t>(at_ - value)};
  out.kind = kind_of(*value);
  out.value_is_plain = string_is_plain_;
  return true;
}

// True: at the first member of an object. False: there is none, and the whole text has been scanned, or an error found.
bool JsonScanner::begin_root() noexcept {
  skip_space();
  if (at_ == end_) return fail(Error::kValue);
  root_kind_ = kind_of(*at_);
  if (root_kind_ != JsonKind::kObject) {
    if (scan_value()) finish();
    return false;
  }
  open(true);
  skip_space();
  if (at_ != end_ && *at_ == '}') {
    ++at_;
    finish();
    return false;
  }
  state_ = State::kMembers;
  return true;
}

// The same behind a member.
bool JsonScanner::begin_later_member() noexcept {
  skip_space();
  if (at_ == end_ || (*at_ != ',' && *at_ != '}')) return fail(Error::kAfterMember);
  const bool more = *at_++ == ',';
  if (!more) finish();
  return more;
}

void JsonScanner::finish() noexcept {
  state_ = State::kDone;
  skip_space();
  if (at_ != end_) fail(Error::kAfterTop);
}

bool JsonScanner::fail(Error error) noexcept {
  error_ = error;
  state_ = State::kDone;
  return false;
}

void JsonScanner::skip_space() noexcept {
  while (at_ != end_ && is_space(*at_)) ++at_;
}

// A key with its colon.
bool JsonScanner::scan_key(std::string_view& key) noexcept {
  skip_space();
  if (at_ == end_ || *at_ != '"') return fail(Error::kKey);
  const char* const start = at_ + 1;
  if (!scan_string()) return false;
  key = {start, static_cast<std::size_t>(at_ - start) - 1};
  skip_space();
  if (at_ == end_ || *at_ != ':') return fail(Error::kAfterKey);
  ++at_;
  return true;
}

// One value with all that is in it.
bool JsonScanner::scan_value() noexcept {
  const std::size_t outer_depth = depth_;
  std::string_view nested_key;
  for (;;) {
    skip_space();
    if (at_ == end_) return fail(Error::kValue);
    const char first = *at_;
    if (first == '{' || first == '[') {
      const bool object = first == '{';
      if (!open(object)) return false;
      skip_space();
      const bool empty = at_ != end_ && *at_ == (object ? '}' : ']');
      if (!empty) {
        if (object && !scan_key(nested_key)) return false;
        continue;
      }
    } else if (!scan_scalar()) {
      return false;
    }
    if (!close_values(outer_depth)) return false;
    if (depth_ == outer_depth) return true;
  }
}

// Behind a value: closes the arrays and objects that end here, until one goes on (then at its next value) or only
// `outer_depth` are open.
bool JsonScanner::close_values(std::size_t outer_depth) noexcept {
  while (depth_ > outer_depth) {
    const bool object = is_object_[depth_ - 1];
    skip_space();
    if (at_ != end_ && *at_ == ',') {
      ++at_;
      std::string_view nested_key;
      return !object || scan_key(nested_key);
    }
    if (at_ == end_ || *at_ != (object ? '}' : ']')) return fail(object ? Error::kAfterMember : Error::kAfterElement);
    ++at_;
    --depth_;
  }
  return true;
}

bool JsonScanner::open(bool object) noexcept {
  if (depth_ == kMaxDepth) return fail(Error::kTooDeep);
  is_object_[depth_++] = object;
  ++at_;
  return true;
}

bool JsonScanner::scan_scalar() noexcept {
  switch (*at_) {
    case '"':
      return scan_string();
    case 't':
      return scan_literal("true");
    case 'f':
      return scan_literal("false");
    case 'n':
      return scan_literal("null");
    default:
      return *at_ == '-' || is_digit(*at_) ? scan_number() : fail(Error::kValue);
  }
}

bool JsonScanner::scan_string() noexcept {
  string_is_plain_ = true;
  ++at_;
  for (;;) {
    at_ = skip_plain(at_, end_);
    if (at_ == end_) return fail(Error::kInString);
    if (*at_ == '"') break;
    if (*at_ != '\\') return fail(Error::kInString);
    string_is_plain_ = false;
    if (!scan_escape()) return false;
  }
  ++at_;
  return true;
}

bool JsonScanner::scan_escape() noexcept {
  ++at_;
  if (at_ == end_ || std::memchr("\"\\/bfnrtu", *at_, 9) == nullptr) return fail(Error::kInEscape);
  if (*at_++ != 'u') return true;
  for (int digit = 0; digit < 4; ++digit, ++at_) {
    if (at_ == end_ || !is_hex_digit(*at_)) return fail(Error::kInHexEscape);
  }
  return true;
}

bool JsonScanner::scan_number() noexcept {
  if (*at_ == '-') ++at_;
  if (at_ != end_ && *at_ == '0') {
    ++at_;  // nothing may follow a leading zero
  } else if (!scan_digits(Error::kInNumber)) {
    return false;
  }
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    if (!scan_digits(Error::kAfterPoint)) return false;
  }
  if (at_ != end_ && (*at_ | 0x20) == 'e') {
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!scan_digits(Error::kInExponent)) return false;
  }
  return true;
}

// At least one digit, else `otherwise`.
bool JsonScanner::scan_digits(Error otherwise) noexcept {
  if (at_ == end_ || !is_digit(*at_)) return fail(otherwise);
  while (at_ != end_ && is_digit(*at_)) ++at_;
  return true;
}

bool JsonScanner::scan_literal(std::string_view literal) noexcept {
  const char* const start = at_;
  for (const char expected : literal) {
    if (at_ == end_ || *at_ != expected) {
      literal_ = literal;
      literal_matched_ = static_cast<std::size_t>(at_ - start);
      return fail(Error::kInLiteral);
    }
    ++at_;
  }
  return true;
}

std::string JsonScanner::error_message() const {
  if (error_ == Error::kTooDeep) {
    return "exceeded max depth of " + std::to_string(kMaxDepth) + " nested arrays and objects";
  }
  if (at_ == end_) return "unexpected end of JSON input";
  return "invalid character " + quote_character(static_cast<unsigned char>(*at_)) + " " + error_place();
}

std::string JsonScanner::error_place() const {
  switch (error_) {
    case Error::kValue:
      return "looking for beginning of value";
    case Error::kKey:
      return "looking for beginning of object key string";
    case Error::kAfterKey:
      return "after object key";
    case Error::kAfterMember:
      return "after object key:value pair";
    case Error::kAfterElement:
      return "after array element";
    case Error::kAfterTop:
      return "after top-level value";
    case Error::kInString:
      return "in string literal";
    case Error::kInEscape:
      return "in string escape code";
    case Error::kInHexEscape:
      return "in \\u hexadecimal character escape";
    case Error::kInNumber:
      return "in numeric literal";
    case Error::kAfterPoint:
      return "after decimal point in numeric literal";
    case Error::kInExponent:
      return "in exponent of numeric literal";
    case Error::kInLiteral:
      return "in literal " + std::string(literal_) + " (expecting '" + literal_[literal_matched_] + "')";
    case Error::kTooDeep:
    case Error::kNone:
      break;
  }
  return "";
}

}  // namespace evh::http_api
