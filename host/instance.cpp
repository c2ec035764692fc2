#include "instance.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "evh/error.hpp"
#include "evh/text.hpp"
#include "json_text.h"
#include "process_end.h"

namespace evh::host {
namespace {

constexpr std::size_t kLongestWhy = 1000;  // bytes of a health's reason that are kept

// Calls into the plugin. Nothing gets out but a failure.
template <class Call>
std::optional<Failure> fenced(std::string_view plugin, std::string_view step, Call&& call) {
  const CallInHand call_in_hand(plugin, step);
  evh_error error{};
  const evh_code code = guard(&error, [&]() -> evh_code { return call(&error); });
  if (code == EVH_OK) return std::nullopt;
  std::string message(error.message, ::strnlen(error.message, sizeof error.message));
  if (message.empty()) message = "it returned " + code_name(code) + " and gave no reason";
  return Failure{code, std::move(message)};
}

}  // namespace

Instance::Instance(const PlannedPlugin& planned, Process process)
    : planned_(planned),
      process_(process),
      settings_json_(planned.settings.masked_json(process.log.secrets())),
      table_(make_table()) {}

evh_host Instance::make_table() noexcept {
  return {
      .size = sizeof(evh_host),
      .self = this,
      .instance = str(planned_.id),
      .log =
          [](void* self, int32_t level, evh_str message, const evh_log_field* fields, size_t field_count) {
            const Instance& instance = of(self);
            instance.process_.log.write(level, instance.id(), view(message),
                                        {fields, fields == nullptr ? 0 : field_count});
          },
      .log_enabled = [](void* self, int32_t level) -> int32_t { return of(self).process_.log.writes(level) ? 1 : 0; },
      .get_text = [](void* self, const char* name, evh_str* out) -> evh_code {
        const Setting* found = of(self).setting(name, {EVH_TEXT, EVH_CHOICE});
        if (found == nullptr) return EVH_NOT_FOUND;
        *out = str(found->value.text);
        return EVH_OK;
      },
      .get_int = [](void* self, const char* name, int64_t* out) -> evh_code {
        const Setting* found = of(self).setting(name, {EVH_INTEGER, EVH_BOOLEAN, EVH_DURATION, EVH_BYTES});
        if (found == nullptr) return EVH_NOT_FOUND;
        *out = found->value.integer;
        return EVH_OK;
      },
      .get_number = [](void* self, const char* name, double* out) -> evh_code {
        const Setting* found = of(self).setting(name, {EVH_NUMBER});
        if (found == nullptr) return EVH_NOT_FOUND;
        *out = found->value.number;
        return EVH_OK;
      },
      .get_list = [](void* self, const char* name, evh_str* out, size_t room, size_t* count) -> evh_code {
        const Setting* found = of(self).setting(name, {EVH_TEXT_LIST});
        if (found == nullptr) return EVH_NOT_FOUND;
        const std::vector<std::string>& list = found->value.list;
        for (size_t i = 0; i < std::min(room, list.size()); ++i) out[i] = str(list[i]);
        *count = list.size();
        return EVH_OK;
      },
      .publish = [](void* self, const char* service_id, const void* table, evh_error* error) -> evh_code {
        return guard(error, [&] { return of(self).publish(service_id, table, error); });
      },
      .find = [](void* self, const char* service_id) -> const void* {
        const Connection* found = of(self).connection(service_id);
        return found == nullptr || found->providers.empty() ? nullptr : found->providers.front().table;
      },
      .find_all = [](void* self, const char* service_id, evh_provider* out, size_t room) -> size_t {
        const Connection* found = of(self).connection(service_id);
        if (found == nullptr) return 0;
        std::copy_n(found->providers.begin(), std::min(room, found->providers.size()), out);
        return found->providers.size();
      },
      .request_shutdown =
          [](void* self, evh_str why) {
            guard(nullptr,
                  [&] { of(self).process_.shutdown.make(std::string(of(self).id()) + ": " + std::string(view(why))); });
          },
      .now = [](void*) -> evh_time { return PluginClock::now(); },
      .wait_until = [](void* self, evh_time until) -> evh_code {
        return guard(nullptr, [&] { return of(self).process_.clock.wait_until(until); });
      },
      .set_health = [](void* self, int32_t health,
                       evh_str why) { guard(nullptr, [&] { of(self).set_health(health, view(why)); }); },
  };
}

const Setting* Instance::setting(const char* name, std::initializer_list<std::int32_t> types) const noexcept {
  const Setting* found = name == nullptr ? nullptr : planned_.settings.find(name);
  if (found == nullptr) return nullptr;
  return std::find(types.begin(), types.end(), found->declared->type) == types.end() ? nullptr : found;
}

const Connection* Instance::connection(const char* service_id) const noexcept {
  if (service_id == nullptr || !is_connected_.load(std::memory_order_acquire)) return nullptr;
  const auto found = std::find_if(connections_.begin(), connections_.end(),
                                  [&](const Connection& connection) { return connection.service == service_id; });
  return found == connections_.end() ? nullptr : &*found;
}

const void* Instance::published(std::string_view service) const noexcept {
  const auto found = std::find_if(publications_.begin(), publications_.end(),
                                  [&](const Publication& publication) { return publication.service == service; });
  return found == publications_.end() ? nullptr : found->table;
}

evh_code Instance::publish(const char* service_id, const void* table, evh_error* error) {
  const std::string service = service_id == nullptr ? "" : service_id;
  if (!is_creating_.load()) return fail(error, EVH_INVALID, "publish of " + service + " outside of create");
  if (table == nullptr) return fail(error, EVH_INVALID, "publish of " + service + " without a table");
  const std::vector<std::string>& provides = descriptor().provides;
  const auto declared = std::find(provides.begin(), provides.end(), service);
  if (declared == provides.end()) {
    return fail(error, EVH_INVALID, "publish of '" + service + "', which the descriptor does not list in provides");
  }
  if (published(service) != nullptr) return fail(error, EVH_INVALID, "publish of " + service + " for the second time");
  publications_.push_back({*declared, table});
  return EVH_OK;
}

void Instance::connect(std::vector<Connection> connections) {
  connections_ = std::move(connections);
  is_connected_.store(true, std::memory_order_release);
}

std::optional<Failure> Instance::create() {
  is_creating_ = true;
  auto failure =
      fenced(id(), "create", [this](evh_error* error) { return descriptor().raw->create(&table_, &self_, error); });
  is_creating_ = false;
  if (failure) return failure;
  is_created_ = true;
  for (const std::string& service : descriptor().provides) {
    if (published(service) != nullptr) continue;
    return Failure{EVH_INVALID, "its descriptor says that it provides " + service + ", but create did not publish it"};
  }
  return std::nullopt;
}

std::optional<Failure> Instance::start() {
  auto failure = fenced(id(), "start", [this](evh_error* error) { return descriptor().raw->start(self_, error); });
  if (!failure) set_state(EVH_STATE_STARTED);
  return failure;
}

std::optional<Failure> Instance::drain(evh_span budget) {
  return fenced(id(), "drain",
                [this, budget](evh_error* error) { return descriptor().raw->drain(self_, budget, error); });
}

std::optional<Failure> Instance::stop() {
  auto failure = fenced(id(), "stop", [this](evh_error*) -> evh_code {
    descriptor().raw->stop(self_);
    return EVH_OK;
  });
  set_state(EVH_STATE_STOPPED);
  return failure;
}

std::optional<Failure> Instance::destroy() {
  is_created_ = false;
  return fenced(id(), "destroy", [this](evh_error*) -> evh_code {
    descriptor().raw->destroy(std::exchange(self_, nullptr));
    return EVH_OK;
  });
}

void Instance::set_health(std::int32_t health, std::string_view why) {
  if (health < EVH_HEALTHY || health > EVH_UNHEALTHY) health = EVH_UNHEALTHY;
  std::string storage;
  const std::string_view shown = process_.log.secrets().masked(why, storage);
  const std::string kept = utf8_prefix(shown, kLongestWhy);
  {
    const std::lock_guard lock(health_mutex_);
    why_ = kept;
    if (std::exchange(health_, health) == health) return;
  }
  constexpr std::string_view kNames[] = {"healthy", "degraded", "unhealthy"};
  const std::string_view name = kNames[static_cast<std::size_t>(health)];
  if (health == EVH_HEALTHY) {
    process_.log.info(id(), "plugin health", {{"health", name}, {"why", kept}});
  } else {
    process_.log.warn(id(), "plugin health", {{"health", name}, {"why", kept}});
  }
}

void Instance::describe(void (*sink)(void* ctx, const evh_plugin_info* info), void* ctx) const {
  evh_plugin_info info{};
  std::string why;
  {
    const std::lock_guard lock(health_mutex_);
    why = why_;
    info.health = health_;
  }
  info.id = str(id());
  info.name = str(descriptor().name);
  info.version = str(descriptor().version);
  info.why = str(why);
  info.settings_json = str(settings_json_);
  info.state = state_.load(std::memory_order_relaxed);
  sink(ctx, &info);
}

}  // namespace evh::host
