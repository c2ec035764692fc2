#include "plugin_clock.h"

#include <algorithm>
#include <chrono>

namespace evh::host {

evh_time PluginClock::now() noexcept {
  using namespace std::chrono;
  return floor<microseconds>(system_clock::now()).time_since_epoch().count();
}

evh_code PluginClock::wait_until(evh_time until) {
  using std::chrono::microseconds;
  using std::chrono::system_clock;
  constexpr evh_time kLongestStep = 3'600'000'000;  // an hour: nanoseconds of a far `until` would overflow
  std::unique_lock lock(mutex_);
  while (!is_cancelled_) {
    const evh_time start = now();
    if (start >= until) return EVH_OK;
    const evh_time step = until - kLongestStep > start ? start + kLongestStep : until;
    cancelled_.wait_until(lock, system_clock::time_point(microseconds(step)));
  }
  return EVH_CANCELLED;
}

void PluginClock::cancel_waits() {
  const std::lock_guard lock(mutex_);
  is_cancelled_ = true;
  cancelled_.notify_all();
}

}  // namespace evh::host
