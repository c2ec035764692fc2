#include "lifecycle.h"

#include <unistd.h>

#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "evh/text.hpp"
#include "exit_code.h"

namespace evh::host {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

Lifecycle::Lifecycle(const Plan& plan, Log& log, ShutdownRequest& shutdown, Clock::time_point began)
    : plan_(plan), log_(log), shutdown_(shutdown), began_(began) {
  for (const PlannedPlugin& planned : plan_.plugins) {
    instances_.push_back(std::make_unique<Instance>(planned, Process{log_, clock_, shutdown_}));
  }
}

int Lifecycle::run() {
  create_all();
  if (goes_on()) connect_all();
  start_all();
  if (goes_on()) serve();
  end_all();
  log_.info({}, "stopped", {{"exit_code", has_failed_ ? kExitFailed : kExitOk}});
  return has_failed_ ? kExitFailed : kExitOk;
}

void Lifecycle::create_all() {
  for (const std::size_t index : plan_.graph.start_order) {
    if (!goes_on()) return;
    Instance& instance = *instances_[index];
    if (const auto failure = instance.create()) fail(instance, "plugin could not be created", *failure);
    if (instance.is_created()) created_.push_back(&instance);
  }
}

std::vector<evh_provider> Lifecycle::providers_of(const Edge& edge) const {
  if (edge.is_met_by_host) return {{host_info_.table(), str("host")}};
  std::vector<evh_provider> providers;
  for (const std::size_t index : edge.providers) {
    const Instance& provider = *instances_[index];
    providers.push_back({provider.published(edge.service), str(provider.id())});
  }
  return providers;
}

void Lifecycle::connect_all() {
  host_info_.show({created_.begin(), created_.end()});
  for (std::size_t index = 0; index < instances_.size(); ++index) {
    std::vector<Connection> connections;
    for (const Edge& edge : plan_.graph.edges[index]) connections.push_back({edge.service, providers_of(edge)});
    instances_[index]->connect(std::move(connections));
  }
}

void Lifecycle::start_all() {
  for (Instance* instance : created_) {
    if (!goes_on()) return;
    const Clock::time_point before = Clock::now();
    if (const auto failure = instance->start()) {
      fail(*instance, "plugin could not be started", *failure);
      return;
    }
    started_.push_back(instance);
    log_.info(instance->id(), "plugin started",
              {{"name", instance->descriptor().name},
               {"version", instance->descriptor().version},
               {"duration_sec", in_seconds(Clock::now() - before)}});
  }
}

void Lifecycle::serve() {
  log_.info({}, "ready", {{"pid", ::getpid()}, {"duration_sec", in_seconds(Clock::now() - began_)}});
  log_.flush();
  const std::string why = shutdown_.wait();
  log_.info({}, "shutdown begins", {{"why", why}});
  log_.flush();
  for (Instance* instance : created_) instance->set_state(EVH_STATE_DRAINING);
  std::this_thread::sleep_for(plan_.configuration.host.shutdown_delay);
}

void Lifecycle::end_all() {
  for (Instance* instance : created_) instance->set_state(EVH_STATE_DRAINING);
  clock_.cancel_waits();
  const bool drains = !has_failed_;
  ShutdownWatch watch(log_, plan_.configuration.host.shutdown_timeout,
                      (drains ? started_.size() : 0) + 2 * created_.size());
  if (drains) {
    for (auto instance = started_.rbegin(); instance != started_.rend(); ++instance) drain(**instance, watch);
  }
  for (auto instance = created_.rbegin(); instance != created_.rend(); ++instance) stop(**instance, watch);
  for (auto instance = created_.rbegin(); instance != created_.rend(); ++instance) destroy(**instance, watch);
}

void Lifecycle::drain(Instance& instance, ShutdownWatch& watch) {
  const auto share = watch.begin(instance.id(), "drain");
  const auto failure = instance.drain(share.count());
  const double duration = in_seconds(watch.end());
  if (!failure) {
    log_.info(instance.id(), "plugin drained", {{"duration_sec", duration}});
  } else if (failure->code == EVH_TIMEOUT) {
    log_.warn(instance.id(), "plugin drained, but something was left unfinished",
              {{"error", failure->message}, {"duration_sec", duration}});
  } else {
    fail(instance, "plugin could not be drained", *failure);
  }
}

void Lifecycle::stop(Instance& instance, ShutdownWatch& watch) {
  static_cast<void>(watch.begin(instance.id(), "stop"));
  const auto failure = instance.stop();
  const double duration = in_seconds(watch.end());
  if (failure) fail(instance, "plugin could not be stopped", *failure);
  if (!failure) log_.info(instance.id(), "plugin stopped", {{"duration_sec", duration}});
}

void Lifecycle::destroy(Instance& instance, ShutdownWatch& watch) {
  static_cast<void>(watch.begin(instance.id(), "destroy"));
  const auto failure = instance.destroy();
  static_cast<void>(watch.end());
  if (failure) fail(instance, "plugin could not be destroyed", *failure);
}

void Lifecycle::fail(const Instance& instance, std::string_view message, const Failure& failure) {
  has_failed_ = true;
  log_.error(instance.id(), message, {{"error", failure.message}, {"name", instance.descriptor().name}});
}

}  // namespace evh::host
