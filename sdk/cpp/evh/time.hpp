// evh_time and evh_span as std::chrono types.
#pragma once

#include <chrono>

#include "evh/types.h"

namespace evh {

using Span = std::chrono::microseconds;
using Time = std::chrono::sys_time<Span>;

[[nodiscard]] constexpr Time time(evh_time at) noexcept {
  return Time{Span{at}};
}
[[nodiscard]] constexpr evh_time raw(Time at) noexcept {
  return at.time_since_epoch().count();
}

}  // namespace evh
