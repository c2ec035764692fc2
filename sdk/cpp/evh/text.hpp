// evh_str and std::string_view, into one another.
#pragma once

#include <string>
#include <string_view>

#include "evh/types.h"

namespace evh {

// An absent text reads as an empty one.
[[nodiscard]] constexpr std::string_view view(evh_str text) noexcept {
  return text.data == nullptr ? std::string_view{} : std::string_view{text.data, text.size};
}

// Borrows; never absent, so that an empty view stays an empty text.
[[nodiscard]] constexpr evh_str str(std::string_view text) noexcept {
  return {text.data() == nullptr ? "" : text.data(), text.size()};
}

}  // namespace evh
