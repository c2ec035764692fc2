// Text of unknown origin, made fit to be shown on one line of a terminal.
#pragma once

#include <string>
#include <string_view>

namespace evh::host {

// Control characters and bytes that are no UTF-8 become \n, \t, \x1b, ...: what is shown can neither begin a line of
// its own nor command the terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace evh::host
