#include "shutdown_watch.h"

#include <algorithm>
#include <cstdlib>

#include "exit_code.h"

namespace evh::host {
namespace {

constexpr std::chrono::milliseconds kPatienceForTheLog{500};
constexpr std::size_t kReserveParts = 4;  // a later step is kept a quarter of an equal share

}  // namespace

ShutdownWatch::ShutdownWatch(Log& log, std::chrono::microseconds budget, std::size_t steps)
    : log_(log),
      budget_(budget),
      deadline_(Clock::now() + budget),
      reserve_(Clock::duration(budget) / static_cast<Clock::rep>(kReserveParts * std::max<std::size_t>(steps, 1))),
      steps_left_(steps),
      watcher_([this](const std::stop_token& stop) { watch(stop); }) {}

std::chrono::microseconds ShutdownWatch::begin(std::string_view plugin, std::string_view step) {
  const std::lock_guard lock(mutex_);
  plugin_ = plugin;
  step_ = step;
  began_ = Clock::now();
  if (steps_left_ > 0) --steps_left_;
  const Clock::duration left = std::max(deadline_ - began_, Clock::duration::zero());
  share_ = std::max(left - reserve_ * static_cast<Clock::rep>(steps_left_), std::min(left, reserve_));
  is_running_ = true;
  is_named_ = false;
  changed_.notify_all();
  return std::chrono::duration_cast<std::chrono::microseconds>(share_);
}

ShutdownWatch::Clock::duration ShutdownWatch::end() {
  const std::lock_guard lock(mutex_);
  is_running_ = false;
  changed_.notify_all();
  return Clock::now() - began_;
}

void ShutdownWatch::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!is_running_) {
      changed_.wait(lock, stop, [this] { return is_running_; });
      continue;
    }
    const Clock::time_point now = Clock::now();
    if (now >= deadline_) {
      log_.write_last(plugin_, "the shutdown budget is over: the process ends without waiting for this plugin",
                      {{"step", step_}, {"budget_sec", in_seconds(budget_)}}, kPatienceForTheLog);
      std::_Exit(kExitFailed);
    }
    if (now >= began_ + share_ && !is_named_) {
      is_named_ = true;
      log_.warn(plugin_, "plugin overran its share of the shutdown budget",
                {{"step", step_}, {"share_sec", in_seconds(share_)}, {"budget_sec", in_seconds(budget_)}});
    }
    const Clock::time_point next = is_named_ ? deadline_ : std::min(deadline_, began_ + share_);
    changed_.wait_until(lock, stop, next, [this, began = began_] { return !is_running_ || began_ != began; });
  }
}

}  // namespace evh::host
