#include "percent_encoding.h"

#include <cstddef>

namespace evh::http_api {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte of a %XX at the start of `text`, -1 when there is none there.
int percent_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_unreserved(char c) {
  const char letter = static_cast<char>(c | 0x20);
  return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

// RFC 3986, pchar and the slash, without the quote, which some readers of a Link header would take for an end.
bool is_path_character(char c) {
  return is_unreserved(c) || std::string_view("/!$&()*+,;=:@").find(c) != std::string_view::npos;
}

void append_percent(std::string& out, char c) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(kHexDigits[byte >> 4]);
  out.push_back(kHexDigits[byte & 0xF]);
}

}  // namespace

std::optional<std::string> decode_form(std::string_view encoded) {
  std::string out;
  out.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '+') {
      out.push_back(' ');
    } else if (encoded[i] != '%') {
      out.push_back(encoded[i]);
    } else {
      const int byte = percent_byte(encoded.substr(i));
      if (byte < 0) return std::nullopt;
      out.push_back(static_cast<char>(byte));
      i += 2;
    }
  }
  return out;
}

std::optional<std::string> decode_path(std::string_view encoded) {
  std::string out;
  out.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const int byte = encoded[i] == '%' ? percent_byte(encoded.substr(i)) : encoded[i];
    if (encoded[i] == '%' && byte < 0) return std::nullopt;
    if (encoded[i] != '%' || byte == '/') {
      out.push_back(encoded[i]);
    } else {
      out.push_back(static_cast<char>(byte));
      i += 2;
    }
  }
  return out;
}

std::size_t encoded_size(std::string_view encoded, std::size_t decoded_size) noexcept {
  std::size_t size = 0;
  for (; decoded_size > 0 && size < encoded.size(); --decoded_size) {
    const int byte = encoded[size] == '%' ? percent_byte(encoded.substr(size)) : '/';
    size += byte < 0 || byte == '/' ? 1 : 3;
  }
  return size;
}

void append_percent_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      append_percent(out, c);
    }
  }
}

void append_encoded_path(std::string& out, std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_path_character(path[i]) || percent_byte(path.substr(i)) >= 0) {
      out.push_back(path[i]);
    } else {
      append_percent(out, path[i]);
    }
  }
}

}  // namespace evh::http_api
