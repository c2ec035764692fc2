// One instance of a plugin: its place in the lifecycle, what it is given, and what it must not do.
#pragma once

#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "evh/host.h"
#include "evh/testkit/loaded_plugin.h"
#include "evh/testkit/settings.h"
#include "host_state.h"
#include "plugin_library.h"
#include "setting_check.h"

namespace evh::testkit {

class PluginInstance {
 public:
  // Throws LoadError when the settings do not fit.
  PluginInstance(HostState& host, const PluginLibrary& library, Settings settings, std::string id);
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const evh_plugin& descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] bool is_living() const;  // between load and destroy

  // The lifecycle, as LoadedPlugin promises it.
  Outcome create();
  Outcome start();
  Outcome drain(Span budget);
  void stop();
  void destroy();
  void finish();
  void abandon();  // finish, then give the id back

  void cancel_waits();
  [[nodiscard]] const void* service(std::string_view service_id) const;
  [[nodiscard]] Health health() const;
  [[nodiscard]] std::string health_reason() const;
  [[nodiscard]] bool wait_for_health(Health health, Span patience) const;

  // What the plugin calls through evh_host.
  void log(std::int32_t level, evh_str message, const evh_log_field* fields, std::size_t field_count);
  [[nodiscard]] bool logs(std::int32_t level) const { return host_.logs_level(level); }
  [[nodiscard]] const SettingValue* setting(const char* name, std::initializer_list<std::int32_t> types);
  evh_code publish(const char* service_id, const void* table, evh_error* error);
  [[nodiscard]] std::vector<const HostState::Service*> find(const char* service_id);
  void request_shutdown(std::string_view why);
  [[nodiscard]] evh_time now() const;
  evh_code wait_until(evh_time until);
  void set_health(std::int32_t health, evh_str why);

 private:
  // In the order of the lifecycle. A failed create leads back to kLoaded.
  enum class Phase {
    kLoaded,
    kCreating,
    kCreated,
    kStarting,
    kStarted,
    kStartFailed,
    kDraining,
    kDrained,
    kStopping,
    kStopped,
    kDestroyed
  };
  struct Published {
    std::string id;
    const void* table;
  };

  // Moves on to `next` when the phase is one of `allowed`, else throws Misuse about `call`.
  void enter(Phase next, std::initializer_list<Phase> allowed, std::string_view call);
  void set_phase(Phase phase);
  [[nodiscard]] Phase phase() const;

  Outcome run(std::string_view call, const std::function<evh_code(evh_error*)>& function);
  void run(std::string_view call, const std::function<void()>& function);
  [[nodiscard]] Outcome read_outcome(std::string_view call, evh_code code, const evh_error& error);
  void check_publications();
  void check_needs_are_provided() const;
  void check_threads(std::string_view after);
  void check_text(std::string_view where, std::string_view text);
  void check_still_there(std::string_view function);
  void violate(std::string rule, std::string what);
  [[nodiscard]] bool is_in_lifecycle_call() const;

  HostState& host_;
  const evh_plugin& descriptor_;
  const Settings given_settings_;
  const std::vector<std::string> secrets_;
  const std::string id_;
  const evh_host table_;
  void* self_ = nullptr;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Phase phase_ = Phase::kLoaded;
  bool abandoned_ = false;
  std::thread::id lifecycle_thread_;
  TypedSettings settings_;
  std::vector<Published> published_;
  std::int32_t health_ = EVH_HEALTHY;
  std::string health_reason_;
  std::stop_source draining_;
};

}  // namespace evh::testkit
