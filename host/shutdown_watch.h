// The budget of a shutdown: shared out along the order of the plugins, watched, and in the end enforced.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "log.h"
#include "shutdown_request.h"

namespace evh::host {

// Watches every call into a plugin. Once the budget is over, the process ends with exit code 1, and the log names the
// plugin that holds it up.
class ShutdownWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // Borrows both. A shutdown that is requested while plugins start begins the budget: a start that never ends must not
  // outlast it.
  ShutdownWatch(Log& log, ShutdownRequest& shutdown, std::chrono::microseconds budget);
  ShutdownWatch(const ShutdownWatch&) = delete;
  ShutdownWatch& operator=(const ShutdownWatch&) = delete;
  ~ShutdownWatch();

  // [one thread] All have started: from now on a request alone does not begin the budget.
  void serve();
  // [one thread] The shutdown begins, of `steps` calls. The budget begins, if it has not.
  void begin_shutdown(std::size_t steps);

  // [one thread] The next call begins; its share is what is left of the budget, but for a small part kept for each
  // later step. `plugin` and `step` are borrowed until end. Past its share, the log names the plugin. Before the
  // shutdown there are no shares.
  std::chrono::microseconds begin(std::string_view plugin, std::string_view step);
  // It has ended; returns how long it took.
  Clock::duration end();

  // What is left of the budget; all of it before it has begun.
  [[nodiscard]] std::chrono::microseconds left();

 private:
  void begin_budget();
  void watch(const std::stop_token& stop);
  [[noreturn]] void end_process();

  Log& log_;
  ShutdownRequest& shutdown_;
  const std::chrono::microseconds budget_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_starting_ = true;
  std::optional<Clock::time_point> deadline_;  // nullopt: the budget has not begun
  Clock::duration reserve_{};                  // kept for each later step
  std::size_t steps_left_ = 0;

  std::string_view plugin_, step_;
  Clock::time_point began_{};
  std::optional<Clock::duration> share_;  // nullopt: none, or the log has said that it was overrun
  bool is_running_ = false;
  std::jthread watcher_;  // the last member: it uses the others
};

}  // namespace evh::host
