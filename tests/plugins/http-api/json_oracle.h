#pragma once

#include <cctype>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace evh::http_api::test {

/// nlohmann::json refuses what RFC 8259 allows: surrogates without their other half, and numbers that overflow a
/// double. This replaces both by what is neither, and leaves valid text valid and invalid text invalid: surrogate
/// escapes become \u0041, runs of digits are cut at 15, those of an exponent at 3, the first of which becomes 0. (Not
/// shorter: four digits may belong to a \uXXXX.)
inline std::string without_what_nlohmann_refuses(std::string_view text) {
  constexpr std::size_t kDigits = 15;
  constexpr std::size_t kExponentDigits = 3;
  const auto is_hex = [text](std::size_t at) { return std::isxdigit(static_cast<unsigned char>(text[at])) != 0; };
  const auto is_surrogate = [text, is_hex](std::size_t at) {
    return at + 5 < text.size() && text[at] == '\\' && text[at + 1] == 'u' && (text[at + 2] | 0x20) == 'd' &&
           is_hex(at + 3) && text[at + 3] > '7' && is_hex(at + 4) && is_hex(at + 5);
  };
  std::string out;
  bool exponent = false;
  std::size_t digits = 0;  // in a row
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_surrogate(i)) {
      out.append("\\u0041");
      i += 5;
      exponent = false;
      digits = 2;
      continue;
    }
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) {
      exponent = (text[i] | 0x20) == 'e' || (exponent && digits == 0 && (text[i] == '+' || text[i] == '-'));
      digits = 0;
    } else if (++digits > (exponent ? kExponentDigits : kDigits)) {
      continue;
    } else if (exponent && digits == kExponentDigits) {
      out[out.size() - 2] = '0';
    }
    out.push_back(text[i]);
  }
  return out;
}

/// Whether RFC 8259 allows `text`, in the eyes of nlohmann::json. That skips a byte order mark and takes a NUL for the
/// end; neither is JSON.
inline bool oracle_accepts(std::string_view text) {
  if (text.find('\0') != std::string_view::npos || text.substr(0, 1) == "\xEF") return false;
  return nlohmann::json::accept(without_what_nlohmann_refuses(text));
}

/// An upper bound of the depth, which nlohmann::json does not limit: brackets in strings are counted too.
inline std::size_t count_brackets(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += c == '[' || c == '{' ? 1 : 0;
  return count;
}

}  // namespace evh::http_api::test
