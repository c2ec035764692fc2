#include "shutdown_watch.h"

#include <algorithm>
#include <cstdlib>

#include "exit_code.h"

namespace evh::host {
namespace {

constexpr std::chrono::milliseconds kPatienceForTheLog{500};
constexpr std::size_t kReserveParts = 4;  // a later step is kept a quarter of an equal share

}  // namespace

ShutdownWatch::ShutdownWatch(Log& log, ShutdownRequest& shutdown, std::chrono::microseconds budget)
    : log_(log), shutdown_(shutdown), budget_(budget), watcher_([this](const std::stop_token& stop) { watch(stop); }) {
  shutdown_.listen([this] {
    const std::lock_guard lock(mutex_);
    if (is_starting_) begin_budget();
  });
}

ShutdownWatch::~ShutdownWatch() {
  shutdown_.listen(nullptr);
}

void ShutdownWatch::begin_budget() {
  if (!deadline_) deadline_ = Clock::now() + budget_;
  changed_.notify_all();
}

void ShutdownWatch::serve() {
  const std::lock_guard lock(mutex_);
  is_starting_ = false;
  deadline_.reset();
}

void ShutdownWatch::begin_shutdown(std::size_t steps) {
  const std::lock_guard lock(mutex_);
  steps_left_ = steps;
  reserve_ = Clock::duration(budget_) / static_cast<Clock::rep>(kReserveParts * std::max<std::size_t>(steps, 1));
  begin_budget();
}

std::chrono::microseconds ShutdownWatch::begin(std::string_view plugin, std::string_view step) {
  const std::lock_guard lock(mutex_);
  plugin_ = plugin;
  step_ = step;
  began_ = Clock::now();
  share_.reset();
  if (steps_left_ > 0 && deadline_) {
    --steps_left_;
    const Clock::duration rest = std::max(*deadline_ - began_, Clock::duration::zero());
    share_ = std::max(rest - reserve_ * static_cast<Clock::rep>(steps_left_), std::min(rest, reserve_));
  }
  is_running_ = true;
  changed_.notify_all();
  return std::chrono::duration_cast<std::chrono::microseconds>(share_.value_or(budget_));
}

ShutdownWatch::Clock::duration ShutdownWatch::end() {
  const std::lock_guard lock(mutex_);
  is_running_ = false;
  changed_.notify_all();
  return Clock::now() - began_;
}

std::chrono::microseconds ShutdownWatch::left() {
  const std::lock_guard lock(mutex_);
  if (!deadline_) return budget_;
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::max(*deadline_ - Clock::now(), Clock::duration::zero()));
}

void ShutdownWatch::end_process() {
  log_.write_last(plugin_, "the shutdown budget is over: the process ends without waiting for this plugin",
                  {{"step", step_}, {"budget_sec", in_seconds(budget_)}}, kPatienceForTheLog);
  std::_Exit(kExitFailed);
}

void ShutdownWatch::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!is_running_ || !deadline_) {
      changed_.wait(lock, stop, [this] { return is_running_ && deadline_; });
      continue;
    }
    const Clock::time_point now = Clock::now();
    if (now >= *deadline_) end_process();
    if (share_ && now >= began_ + *share_) {
      log_.warn(plugin_, "plugin overran its share of the shutdown budget",
                {{"step", step_}, {"share_sec", in_seconds(*share_)}, {"budget_sec", in_seconds(budget_)}});
      share_.reset();
    }
    const Clock::time_point next = share_ ? std::min(*deadline_, began_ + *share_) : *deadline_;
    changed_.wait_until(lock, stop, next, [this, began = began_] { return !is_running_ || began_ != began; });
  }
}

}  // namespace evh::host
