// One instance of a plugin under test, and its lifecycle, a call at a time.
#pragma once

#include <string>
#include <string_view>

#include "evh/host.hpp"
#include "evh/plugin.h"
#include "evh/service.hpp"
#include "evh/testkit/outcome.h"
#include "evh/testkit/patience.h"

namespace evh::testkit {

class PluginInstance;

// Made by TestHost::load; must not outlive its TestHost. The lifecycle functions call the plugin on the caller's
// thread; they throw Misuse when they come out of order, and return what the plugin answered. After destroy, create
// makes a new instance. What is left of the lifecycle when this is destroyed is done then, in order.
class LoadedPlugin {
 public:
  explicit LoadedPlugin(PluginInstance& instance) noexcept : instance_(&instance) {}
  LoadedPlugin(LoadedPlugin&& other) noexcept;
  LoadedPlugin& operator=(LoadedPlugin&& other) noexcept;
  ~LoadedPlugin();

  [[nodiscard]] const std::string& instance() const noexcept;
  [[nodiscard]] const evh_plugin& descriptor() const noexcept;

  Outcome create();
  Outcome start();                // after create; every need that is not optional must be provided
  Outcome drain(Span budget);     // after start; ends the plugin's waits first
  void stop();                    // after create, at any time, again and again; ends the plugin's waits first
  void destroy();                 // after stop; calls the plugin's stop once more before
  void create_and_start();        // throws std::runtime_error with the plugin's message when either fails
  void drain_stop_and_destroy();  // whatever is left, in order, with kPatience as the budget

  // A service that it published, good until destroy. Throws Misuse when it did not.
  template <class Table>
  [[nodiscard]] const Table& service() const {
    return *static_cast<const Table*>(service(ServiceId<Table>::kValue));
  }
  [[nodiscard]] const void* service(std::string_view service_id) const;

  // What it said last with set_health.
  [[nodiscard]] Health health() const;
  [[nodiscard]] std::string health_reason() const;
  [[nodiscard]] bool wait_for_health(Health health, Span patience = kPatience) const;

 private:
  PluginInstance* instance_;
};

}  // namespace evh::testkit
