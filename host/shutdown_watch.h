// The budget of a shutdown: shared out along the order of the plugins, watched, and in the end enforced.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <thread>

#include "log.h"

namespace evh::host {

class ShutdownWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // The budget begins to run. `steps` calls into plugins will be watched. When it is over, the process ends with exit
  // code 1, and the log names the plugin that held it up.
  ShutdownWatch(Log& log, std::chrono::microseconds budget, std::size_t steps);
  ShutdownWatch(const ShutdownWatch&) = delete;
  ShutdownWatch& operator=(const ShutdownWatch&) = delete;

  // [one thread] The next step begins: what is left of the budget, but for a small part kept for each later step.
  // `plugin` and `step` are borrowed until end. Past its share, the log names the plugin.
  [[nodiscard]] std::chrono::microseconds begin(std::string_view plugin, std::string_view step);
  // The step has ended; returns how long it took.
  Clock::duration end();

 private:
  void watch(const std::stop_token& stop);

  Log& log_;
  const std::chrono::microseconds budget_;
  const Clock::time_point deadline_;
  const Clock::duration reserve_;  // kept for each step
  std::size_t steps_left_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string_view plugin_, step_;
  Clock::time_point began_{};
  Clock::duration share_{};
  bool is_running_ = false;
  bool is_named_ = false;  // the log has said that this step overran
  std::jthread watcher_;   // the last member: it uses the others
};

}  // namespace evh::host
