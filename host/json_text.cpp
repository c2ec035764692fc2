#include "json_text.h"

#include <array>
#include <cstring>

#include "evh/utf8.hpp"

namespace evh::host {
namespace {

using Byte = unsigned char;

// Printable ASCII that stands for itself in a JSON string.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The escape of a character that does not stand for itself, in `buffer`.
std::string_view escape_of(Byte c, std::span<char, 6> buffer) noexcept {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::memcpy(buffer.data(), "\\u00", 4);
  buffer[4] = kDigits[c >> 4U];
  buffer[5] = kDigits[c & 0xFU];
  return {buffer.data(), buffer.size()};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t skip_digits(std::string_view text, std::size_t i) {
  while (i < text.size() && is_digit(text[i])) ++i;
  return i;
}

// RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  if (i == text.size() || !is_digit(text[i])) return false;
  i = text[i] == '0' ? i + 1 : skip_digits(text, i);
  if (i < text.size() && text[i] == '.') {
    const std::size_t fraction = i + 1;
    i = skip_digits(text, fraction);
    if (i == fraction) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    const std::size_t exponent = i;
    i = skip_digits(text, exponent);
    if (i == exponent) return false;
  }
  return i == text.size();
}

}  // namespace

Escaped escape_json(std::string_view text, std::span<char> room) noexcept {
  std::size_t read = 0;
  std::size_t written = 0;
  const auto put = [&](std::string_view piece, std::size_t consumed) {
    if (piece.size() > room.size() - written) return false;
    std::memcpy(room.data() + written, piece.data(), piece.size());
    written += piece.size();
    read += consumed;
    return true;
  };
  while (read < text.size()) {
    std::size_t run = 0;
    const std::size_t most = std::min(text.size() - read, room.size() - written);
    while (run < most && kPlain[static_cast<Byte>(text[read + run])]) ++run;
    if (run > 0) {
      put(text.substr(read, run), run);
      continue;
    }
    const auto first = static_cast<Byte>(text[read]);
    if (first < 0x80) {
      char buffer[6];
      if (kPlain[first] || !put(escape_of(first, buffer), 1)) break;
      continue;
    }
    const std::size_t size = utf8_sequence_length(text.substr(read));
    if (size == 0 ? !put(kReplacement, 1) : !put(text.substr(read, size), size)) break;
  }
  return {read, written};
}

void append_json_string(std::string& json, std::string_view text) {
  json += '"';
  char room[512];
  while (!text.empty()) {
    const Escaped escaped = escape_json(text, room);
    json.append(room, escaped.written);
    text.remove_prefix(escaped.read);
  }
  json += '"';
}

bool is_json_literal(std::string_view text) noexcept {
  return text == "true" || text == "false" || text == "null" || is_json_number(text);
}

std::string utf8_prefix(std::string_view text, std::size_t most) {
  std::string prefix;
  while (!text.empty()) {
    const std::size_t size = utf8_sequence_length(text);
    const std::string_view character = size == 0 ? kReplacement : text.substr(0, size);
    if (prefix.size() + character.size() > most) break;
    prefix += character;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return prefix;
}

}  // namespace evh::host
