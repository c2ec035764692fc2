#include "quote.h"

#include "utf8.h"

namespace evh::http_api {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void append_hex_byte(std::string& out, unsigned char byte) {
  out.push_back(kHexDigits[byte >> 4]);
  out.push_back(kHexDigits[byte & 0xF]);
}

// Control characters and the backslash, as in Go's string literals. False: `byte` needs no escape.
bool append_escaped(std::string& out, unsigned char byte) {
  constexpr std::string_view kNamed = "abtnvfr";  // 0x07 to 0x0D, in this order
  if (byte == '\\') {
    out.append("\\\\");
  } else if (byte >= 0x07 && byte <= 0x0D) {
    out.push_back('\\');
    out.push_back(kNamed[byte - 0x07U]);
  } else if (byte < 0x20 || byte == 0x7F) {
    out.append("\\x");
    append_hex_byte(out, byte);
  } else {
    return false;
  }
  return true;
}

// Escaped is what Go's unicode.IsPrint refuses there: C1 controls, the no-break space and the soft hyphen.
void append_latin1(std::string& out, unsigned char byte) {
  if ((byte >= 0x80 && byte <= 0xA0) || byte == 0xAD) {
    out.append("\\u00");
    append_hex_byte(out, byte);
  } else {
    append_utf8(out, byte);
  }
}

std::size_t cut_at_character(std::string_view text, std::size_t limit) {
  std::size_t size = limit;
  while (size > 0 && limit - size < 3 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return size;
}

}  // namespace

std::string quote_character(unsigned char byte) {
  std::string out = "'";
  if (byte == '\'') {
    out.append("\\'");
  } else if (!append_escaped(out, byte)) {
    append_latin1(out, byte);
  }
  out.push_back('\'');
  return out;
}

std::string quote_text(std::string_view text) {
  const bool cut = text.size() > kQuotedBytes;
  if (cut) text = text.substr(0, cut_at_character(text, kQuotedBytes));
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') {
      out.append("\\\"");
    } else if (!append_escaped(out, static_cast<unsigned char>(c))) {
      out.push_back(c);
    }
  }
  out.append(cut ? "...\"" : "\"");
  return out;
}

}  // namespace evh::http_api
