#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evh::http_api {

/// A byte in single quotes, named as Go's encoding/json names it in syntax errors: 'b', '\n', '\x00', '\u0080'. Bytes
/// past ASCII stand for the Latin-1 character of that number, so the result is always UTF-8.
std::string quote_character(unsigned char byte);

/// A client's text in double quotes, for naming it in an error: quotes, backslashes and control characters escaped, and
/// cut at `kQuotedBytes` with "..." behind it. Bytes past ASCII are passed through as they are.
std::string quote_text(std::string_view text);

inline constexpr std::size_t kQuotedBytes = 100;

}  // namespace evh::http_api
