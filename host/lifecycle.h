// The life of all plugins: create, start, wait for the end, drain, stop, destroy.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "host_info.h"
#include "instance.h"
#include "plan.h"
#include "shutdown_watch.h"

namespace evh::host {

class Lifecycle {
 public:
  // All is borrowed. `began` is when the process began, for the log.
  Lifecycle(const Plan& plan, Log& log, ShutdownRequest& shutdown, std::chrono::steady_clock::time_point began);

  // Returns the exit code once every plugin is destroyed: 0, or 1 when a plugin failed. A shutdown that is requested
  // while plugins start lets the one in hand finish, and starts no more.
  [[nodiscard]] int run();

  // What is left of the shutdown's budget.
  [[nodiscard]] std::chrono::microseconds budget_left() { return watch_.left(); }

 private:
  void create_all();
  void connect_all();
  void start_all();
  void serve();
  void end_all();
  void drain(Instance& instance);
  void stop(Instance& instance);
  void destroy(Instance& instance);

  [[nodiscard]] bool goes_on() const noexcept { return !has_failed_ && !shutdown_.is_made(); }
  [[nodiscard]] std::vector<evh_provider> providers_of(const Edge& edge) const;
  void fail(const Instance& instance, std::string_view message, const Failure& failure);

  const Plan& plan_;
  Log& log_;
  ShutdownRequest& shutdown_;
  const std::chrono::steady_clock::time_point began_;
  ShutdownWatch watch_;
  PluginClock clock_;
  HostInfo host_info_;
  std::vector<std::unique_ptr<Instance>> instances_;  // in the order of the configuration
  std::vector<Instance*> created_, started_;          // in the order of their start
  bool has_failed_ = false;
};

}  // namespace evh::host
