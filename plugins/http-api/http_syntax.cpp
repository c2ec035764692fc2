#include "http_syntax.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace evh::http_api {
namespace {

enum ByteClass : std::uint8_t {
  kTokenByte = 1,    // tchar, RFC 9110 5.6.2
  kTargetByte = 2,   // visible ASCII without '#'
  kRegNameByte = 4,  // reg-name, RFC 3986 3.2.2, '%' included
  kLiteralByte = 8,  // between the brackets of an IP-literal
};

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  const auto mark = [&classes](std::string_view bytes, std::uint8_t byte_class) {
    for (const char byte : bytes) classes[static_cast<unsigned char>(byte)] |= byte_class;
  };
  constexpr std::string_view kAlphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  mark(kAlphanumeric, kTokenByte | kRegNameByte | kLiteralByte);
  mark("!#$%&'*+-.^_`|~", kTokenByte);
  mark("-._~!$&'()*+,;=", kRegNameByte | kLiteralByte);
  mark("%", kRegNameByte);
  mark(":", kLiteralByte);
  for (std::size_t byte = 0x21; byte < 0x7f; ++byte) {
    if (byte != '#') classes[byte] |= kTargetByte;
  }
  return classes;
}();

bool is(char byte, ByteClass byte_class) {
  return (kClasses[static_cast<unsigned char>(byte)] & byte_class) != 0;
}

std::size_t length_of(ByteClass byte_class, std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is(text[length], byte_class)) ++length;
  return length;
}

bool is_blank(char byte) {
  return byte == ' ' || byte == '\t';
}

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

bool is_port(std::string_view text) {
  return text.empty() || (text.front() == ':' && std::all_of(text.begin() + 1, text.end(),
                                                             [](char byte) { return byte >= '0' && byte <= '9'; }));
}

}  // namespace

std::size_t token_length(std::string_view text) noexcept {
  return length_of(kTokenByte, text);
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && token_length(text) == text.size();
}

bool is_host(std::string_view text) noexcept {
  if (!text.starts_with('[')) return is_port(text.substr(length_of(kRegNameByte, text)));
  const std::size_t literal = length_of(kLiteralByte, text.substr(1));
  const std::string_view rest = text.substr(1 + literal);
  return literal > 0 && rest.starts_with(']') && is_port(rest.substr(1));
}

bool has_only_target_bytes(std::string_view text) noexcept {
  return length_of(kTargetByte, text) == text.size();
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim_whitespace(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_list_element(std::string_view& list) noexcept {
  const std::size_t comma = list.find(',');
  const std::string_view element = trim_whitespace(list.substr(0, comma));
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  return element;
}

const char* HeaderLine::read(std::string_view line) noexcept {
  const std::size_t length = token_length(line);
  if (length < line.size() && line[length] == ':' && length > 0) {
    name = line.substr(0, length);
    value = trim_whitespace(line.substr(length + 1));
    return nullptr;
  }
  if (is_blank(line.front())) return "begins with a space or tab: folded lines are not accepted";
  if (length == line.size()) return "no colon after the name";
  if (line[length] == ':') return "no name before the colon";
  if (is_blank(line[length])) return "a space or tab in or after the name";
  return "a character in the name that no name may have";
}

}  // namespace evh::http_api
