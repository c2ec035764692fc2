#include "json_string.h"

#include <array>
#include <cstddef>

#include "utf8.h"

namespace evh::http_api {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}
constexpr std::array<bool, 256> kPlain = plain_bytes();

void append_escape(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out.append("\\u00");
  out.push_back(kHexDigits[byte >> 4]);
  out.push_back(kHexDigits[byte & 0xF]);
}

char32_t hex_value(char c) {
  if (c <= '9') return static_cast<char32_t>(c - '0');
  return static_cast<char32_t>((c | 0x20) - 'a' + 10);
}

constexpr std::size_t kUnicodeEscape = 6;  // \uXXXX

// The unit of a \uXXXX at the start of `text`, or 0 when there is none there.
char32_t unicode_escape(std::string_view text) {
  if (text.size() < kUnicodeEscape || text[0] != '\\' || text[1] != 'u') return 0;
  char32_t unit = 0;
  for (const char c : text.substr(2, 4)) unit = unit << 4 | hex_value(c);
  return unit;
}

bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Appends what the \uXXXX at the start of `text` stands for, and says how much of `text` that took.
std::size_t append_unicode_escape(std::string& out, std::string_view text) {
  const char32_t unit = unicode_escape(text);
  if (is_high_surrogate(unit)) {
    const char32_t low = unicode_escape(text.substr(kUnicodeEscape));
    if (is_low_surrogate(low)) {
      append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
      return 2 * kUnicodeEscape;
    }
  }
  if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
    out.append(kReplacement);
  } else {
    append_utf8(out, unit);
  }
  return kUnicodeEscape;
}

char named_escape(char name) {
  switch (name) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return name;
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t done = 0;  // everything before it is in `out`
  std::size_t next = 0;
  while (next < text.size()) {
    const auto byte = static_cast<unsigned char>(text[next]);
    if (kPlain[byte]) {
      ++next;
      continue;
    }
    const std::size_t length = byte < 0x80 ? 0 : utf8_sequence_length(text.substr(next));
    if (length > 0) {
      next += length;
      continue;
    }
    out.append(text.substr(done, next - done));
    if (byte < 0x80) {
      append_escape(out, byte);
    } else {
      out.append(kReplacement);
    }
    done = ++next;
  }
  out.append(text.substr(done));
  out.push_back('"');
}

void decode_json_string(std::string_view between_quotes, std::string& out) {
  out.clear();
  while (!between_quotes.empty()) {
    const std::size_t plain = between_quotes.find('\\');
    out.append(between_quotes.substr(0, plain));
    if (plain == std::string_view::npos) return;
    between_quotes.remove_prefix(plain);
    if (between_quotes[1] == 'u') {
      between_quotes.remove_prefix(append_unicode_escape(out, between_quotes));
    } else {
      out.push_back(named_escape(between_quotes[1]));
      between_quotes.remove_prefix(2);
    }
  }
}

}  // namespace evh::http_api
