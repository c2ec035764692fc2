#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "evh/utf8.hpp"

namespace evh::http_api {

/// Byte offset of the first byte that begins no well-formed sequence; npos when all of `text` is UTF-8.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// Appends the UTF-8 form of `code_point`, which must be a Unicode scalar value.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace evh::http_api
