#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evh::http_api {

/// Length (1 to 4) of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none. Overlong forms,
/// surrogates and code points past U+10FFFF are not well-formed.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

/// Byte offset of the first byte that begins no well-formed sequence; npos when all of `text` is UTF-8.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// Appends the UTF-8 form of `code_point`, which must be a Unicode scalar value.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace evh::http_api
