// Small checks of texts that cross the boundary.
#pragma once

#include <string_view>

namespace evh::testkit {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// Not empty, UTF-8, and without line breaks.
[[nodiscard]] bool is_one_line(std::string_view text) noexcept;

}  // namespace evh::testkit
