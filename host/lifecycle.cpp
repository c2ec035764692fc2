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
    : plan_(plan),
      log_(log),
      shutdown_(shutdown),
      began_(began),
      watch_(log, shutdown, plan.configuration.host.shutdown_timeout) {
  for (const PlannedPlugin& planned : plan_.plugins) {
    instances_.push_back(std::make_unique<Instance>(planned, Process{log_, clock_, shutdown_}));
  }
}

int Lifecycle::run() {
  create_all();
  if (goes_on()) connect_all();
  start_all();
  if (!has_failed_) serve();
  end_all();
  log_.info({}, "stopped", {{"exit_code", has_failed_ ? kExitFailed : kExitOk}});
  return has_failed_ ? kExitFailed : kExitOk;
}

void Lifecycle::create_all() {
  for (const std::size_t index : plan_.graph.start_order) {
    if (!goes_on()) return;
    Instance& instance = *instances_[index];
    watch_.begin(instance.id(), "create");
    const auto failure = instance.create();
    watch_.end();
    if (failure) fail(instance, "plugin could not be created", *failure);
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
    watch_.begin(instance->id(), "start");
    const auto failure = instance->start();
    const Clock::duration duration = watch_.end();
    if (failure) {
      fail(*instance, "plugin could not be started", *failure);
      return;
    }
    started_.push_back(instance);
    log_.info(instance->id(), "plugin started",
              {{"name", instance->descriptor().name},
               {"version", instance->descriptor().version},
               {"duration_sec", in_seconds(duration)}});
  }
}

void Lifecycle::serve() {
  const bool is_ready = !shutdown_.is_made();
  if (is_ready) {
    watch_.serve();
    log_.info({}, "ready", {{"pid", ::getpid()}, {"duration_sec", in_seconds(Clock::now() - began_)}});
    log_.flush();
  }
  const std::string why = shutdown_.wait();
  log_.info({}, "shutdown begins", {{"why", why}});
  log_.flush();
  for (Instance* instance : created_) instance->set_state(EVH_STATE_DRAINING);
  if (is_ready) std::this_thread::sleep_for(plan_.configuration.host.shutdown_delay);
}

void Lifecycle::end_all() {
  for (Instance* instance : created_) instance->set_state(EVH_STATE_DRAINING);
  clock_.cancel_waits();
  watch_.begin_shutdown(started_.size() + 2 * created_.size());
  // Also after a failed start: those that have started may have taken work.
  for (auto instance = started_.rbegin(); instance != started_.rend(); ++instance) drain(**instance);
  for (auto instance = created_.rbegin(); instance != created_.rend(); ++instance) stop(**instance);
  for (auto instance = created_.rbegin(); instance != created_.rend(); ++instance) destroy(**instance);
}

void Lifecycle::drain(Instance& instance) {
  const auto share = watch_.begin(instance.id(), "drain");
  const auto failure = instance.drain(share.count());
  const double duration = in_seconds(watch_.end());
  if (!failure) {
    log_.info(instance.id(), "plugin drained", {{"duration_sec", duration}});
  } else if (failure->code == EVH_TIMEOUT) {
    log_.warn(instance.id(), "plugin drained, but something was left unfinished",
              {{"error", failure->message}, {"duration_sec", duration}});
  } else {
    fail(instance, "plugin could not be drained", *failure);
  }
}

void Lifecycle::stop(Instance& instance) {
  watch_.begin(instance.id(), "stop");
  const auto failure = instance.stop();
  const double duration = in_seconds(watch_.end());
  if (failure) fail(instance, "plugin could not be stopped", *failure);
  if (!failure) log_.info(instance.id(), "plugin stopped", {{"duration_sec", duration}});
}

void Lifecycle::destroy(Instance& instance) {
  watch_.begin(instance.id(), "destroy");
  const auto failure = instance.destroy();
  watch_.end();
  if (failure) fail(instance, "plugin could not be destroyed", *failure);
}

void Lifecycle::fail(const Instance& instance, std::string_view message, const Failure& failure) {
  has_failed_ = true;
  const std::string place = at(plan_.configuration.file, instance.place(), instance.id());
  log_.error(instance.id(), message,
             {{"error", failure.message}, {"name", instance.descriptor().name}, {"configured_at", place}});
}

}  // namespace evh::host
