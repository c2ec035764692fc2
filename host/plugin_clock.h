// The clock that plugins read and wait by.
#pragma once

#include <condition_variable>
#include <mutex>

#include "evh/types.h"

namespace evh::host {

// All functions are for any thread.
class PluginClock {
 public:
  [[nodiscard]] static evh_time now() noexcept;

  // EVH_OK when the clock reaches `until`; EVH_CANCELLED from the moment that cancel_waits is called.
  [[nodiscard]] evh_code wait_until(evh_time until);

  void cancel_waits();

 private:
  std::mutex mutex_;
  std::condition_variable cancelled_;
  bool is_cancelled_ = false;
};

}  // namespace evh::host
