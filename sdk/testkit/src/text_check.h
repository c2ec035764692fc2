// Small checks of texts that cross the boundary.
#pragma once

#include <string_view>

namespace evh::testkit {

// Not empty, UTF-8, and without line breaks.
[[nodiscard]] bool is_one_line(std::string_view text) noexcept;

}  // namespace evh::testkit
