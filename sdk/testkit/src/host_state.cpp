#include "host_state.h"

#include <algorithm>
#include <ostream>

#include "plugin_instance.h"

namespace evh::testkit {

HostState::HostState() = default;
HostState::~HostState() = default;

PluginInstance& HostState::add_instance(std::unique_ptr<PluginInstance> instance) {
  const std::lock_guard lock(mutex_);
  return *instances_.emplace_back(std::move(instance));
}

bool HostState::has_living_instance(std::string_view id) const {
  return std::ranges::any_of(instances(),
                             [&](const PluginInstance* one) { return one->id() == id && one->is_living(); });
}

void HostState::begin_draining() {
  for (PluginInstance* instance : instances()) instance->cancel_waits();
}

std::vector<PluginInstance*> HostState::instances() const {
  const std::lock_guard lock(mutex_);
  std::vector<PluginInstance*> instances;
  for (const auto& instance : instances_) instances.push_back(instance.get());
  return instances;
}

void HostState::add_service(Service service) {
  const std::lock_guard lock(mutex_);
  const auto first_of_plugins =
      std::ranges::find_if(services_, [](const Service& one) { return one.owner != nullptr; });
  const auto place = service.owner == nullptr ? first_of_plugins : services_.end();
  services_.insert(place, std::move(service));
}

void HostState::withdraw_services(const PluginInstance& owner) {
  const std::lock_guard lock(mutex_);
  for (auto service = services_.begin(); service != services_.end();) {
    const auto next = std::next(service);
    if (service->owner == &owner) withdrawn_.splice(withdrawn_.end(), services_, service);
    service = next;
  }
}

std::vector<const HostState::Service*> HostState::find_services(std::string_view id,
                                                                const PluginInstance& asker) const {
  const std::lock_guard lock(mutex_);
  std::vector<const Service*> found;
  for (const Service& service : services_) {
    if (service.id == id && service.owner != &asker) found.push_back(&service);
  }
  return found;
}

void HostState::report(Violation violation) {
  const std::lock_guard lock(mutex_);
  violations_.push_back(std::move(violation));
}

std::vector<Violation> HostState::violations() const {
  const std::lock_guard lock(mutex_);
  return violations_;
}

void HostState::add_log(LogLine line) {
  const std::lock_guard lock(mutex_);
  logs_.push_back(std::move(line));
  changed_.notify_all();
}

std::vector<LogLine> HostState::logs() const {
  const std::lock_guard lock(mutex_);
  return logs_;
}

std::optional<LogLine> HostState::wait_for_log(std::string_view message, Span patience) const {
  std::unique_lock lock(mutex_);
  std::size_t seen = 0;
  const bool found = changed_.wait_for(lock, patience, [&] {
    while (seen < logs_.size() && logs_[seen].message != message) ++seen;
    return seen < logs_.size();
  });
  return found ? std::optional(logs_[seen]) : std::nullopt;
}

void HostState::set_log_level(Level level) {
  const std::lock_guard lock(mutex_);
  level_ = level;
}

bool HostState::logs_level(std::int32_t level) const {
  const std::lock_guard lock(mutex_);
  return level >= static_cast<std::int32_t>(level_);
}

void HostState::add_shutdown_request(ShutdownRequest request) {
  const std::lock_guard lock(mutex_);
  shutdown_requests_.push_back(std::move(request));
  changed_.notify_all();
}

std::vector<ShutdownRequest> HostState::shutdown_requests() const {
  const std::lock_guard lock(mutex_);
  return shutdown_requests_;
}

bool HostState::wait_for_shutdown_request(Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return !shutdown_requests_.empty(); });
}

}  // namespace evh::testkit
