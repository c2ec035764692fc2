#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace evh::http_api {

enum class JsonKind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

/// "null", "boolean", "number", "string", "array" or "object".
std::string_view to_string(JsonKind kind) noexcept;

/// One member of the top-level object. The views are slices of the scanned text, as the client wrote it.
struct JsonMember {
  std::string_view key;    ///< what stands between the quotes
  std::string_view value;  ///< the whole value; a string has its quotes, an object its braces
  JsonKind kind = JsonKind::kNull;
  bool key_is_plain = true;    ///< no escapes: `key` is the key's value
  bool value_is_plain = true;  ///< the same for a value that is a string
};

/// Reads one JSON text (RFC 8259) in a single pass: hands out the members of its top-level object one by one, and
/// validates all the rest on the way. Call next_member until it returns false, then ask failed: only then is the whole
/// text known to be JSON.
///
///     JsonScanner scanner(text);
///     JsonMember member;
///     while (scanner.next_member(member)) { ... }
///     if (scanner.failed()) return scanner.error_message();
///
/// - A text that is no object is validated by the first call, which returns false.
/// - Nesting past kMaxDepth is an error. Memory does not depend on the text; nothing recurses and nothing throws but
/// bad_alloc.
/// - Bytes past ASCII in strings are not looked at: whether they are UTF-8 is the caller's check.
/// - Not for several threads at once.
class JsonScanner {
 public:
  static constexpr std::size_t kMaxDepth = 512;  ///< open arrays and objects, the top-level one counted

  /// `text` is borrowed as long as the scanner and its members are in use.
  explicit JsonScanner(std::string_view text) noexcept;

  bool next_member(JsonMember& out) noexcept;

  bool failed() const noexcept { return error_ != Error::kNone; }

  /// What is wrong, in the words of Go's encoding/json, such as `invalid character 'b' looking for beginning of value`.
  /// Only after failed.
  std::string error_message() const;

  /// Byte offset where it is wrong; the size of the text when it ended too early. Only after failed.
  std::size_t error_offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  /// What the text is; known after the first next_member, if that did not fail.
  JsonKind root_kind() const noexcept { return root_kind_; }

 private:
  enum class State : std::uint8_t { kStart, kMembers, kDone };
  enum class Error : std::uint8_t {
    kNone,
    kValue,
    kKey,
    kAfterKey,
    kAfterMember,
    kAfterElement,
    kAfterTop,
    kInString,
    kInEscape,
    kInHexEscape,
    kInNumber,
    kAfterPoint,
    kInExponent,
    kInLiteral,
    kTooDeep,
  };

  bool begin_root() noexcept;
  bool begin_later_member() noexcept;
  void finish() noexcept;
  bool fail(Error error) noexcept;
  std::string error_place() const;

  void skip_space() noexcept;
  bool scan_key(std::string_view& key) noexcept;
  bool scan_value() noexcept;
  bool open(bool object) noexcept;
  bool close_values(std::size_t outer_depth) noexcept;
  bool scan_scalar() noexcept;
  bool scan_string() noexcept;
  bool scan_escape() noexcept;
  bool scan_number() noexcept;
  bool scan_digits(Error otherwise) noexcept;
  bool scan_literal(std::string_view literal) noexcept;

  const char* begin_;
  const char* at_;
  const char* end_;
  std::size_t depth_ = 0;
  std::bitset<kMaxDepth> is_object_;  // of the open arrays and objects, the outermost first
  std::string_view literal_;          // for kInLiteral
  std::size_t literal_matched_ = 0;
  Error error_ = Error::kNone;
  State state_ = State::kStart;
  JsonKind root_kind_ = JsonKind::kNull;
  bool string_is_plain_ = true;  // of the string scanned last
};

}  // namespace evh::http_api
