#pragma once

#include <chrono>
#include <thread>

namespace evh::system_test {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// Programs built with sanitizers are several times slower: deadlines are multiplied by this, and loads divided by it.
#ifdef EVH_SANITIZED
inline constexpr int kSlowness = 6;
#else
inline constexpr int kSlowness = 1;
#endif

/// How long a test waits for what should come at once, before it gives up.
inline constexpr Milliseconds kPatience{10'000 * kSlowness};

/// Asks again and again until `condition` holds: true; or until `within` has passed: false.
template <typename Condition>
bool eventually(Condition condition, Milliseconds within = kPatience) {
  constexpr Milliseconds kPause{5};
  const auto deadline = Clock::now() + within;
  while (!condition()) {
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace evh::system_test
