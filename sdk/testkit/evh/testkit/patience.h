// How long a test waits for something that should happen: real time, whatever the test clock shows.
#pragma once

#include <chrono>
#include <functional>

#include "evh/time.hpp"

namespace evh::testkit {

// Long enough for a loaded machine and a sanitizer. It is only used up when the thing never happens.
inline constexpr Span kPatience = std::chrono::seconds{10};

// Asks `condition` again and again until it holds (true) or patience is over (false). For what has no wait_for of its
// own.
[[nodiscard]] bool eventually(const std::function<bool()>& condition, Span patience = kPatience);

}  // namespace evh::testkit
