// A plugin as a C++ class. The constructor is create, the destructor is destroy; both run once. The other functions may
// be left out:
//
//   class Greeter {
//    public:
//     explicit Greeter(evh::Host host);                  // create: read settings, publish services; no threads, no I/O
//     void start();                                      // throws evh::Error, or anything, to fail
//     evh_code drain(evh::Span budget, std::string& left);  // EVH_OK, or EVH_TIMEOUT with what is left unfinished
//     void stop() noexcept;                              // safe without start, and twice
//   };
//   constexpr evh_setting kSettings[] = {evh::setting::text("greeting", "hello", "what to say")};
//   EVH_PLUGIN(Greeter, {.name = "greeter", .version = "1.0.0", .summary = "Says hello", .settings = kSettings})
//
// Threads and order are those of evh/plugin.h.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "evh/error.hpp"
#include "evh/host.hpp"
#include "evh/plugin.h"
#include "evh/setting.hpp"

namespace evh {

// What EVH_PLUGIN takes. All that it refers to must be static.
struct Description {
  const char* name = "";
  const char* version = "";
  const char* summary = "";
  std::span<const evh_setting> settings = {};
  std::span<const char* const> provides = {};
  std::span<const evh_need> needs = {};
};

constexpr evh_need required(const char* service_id) {
  return {service_id, 0, 0};
}
constexpr evh_need optional(const char* service_id) {
  return {service_id, 1, 0};
}

namespace detail {

template <class Plugin>
struct Lifecycle {
  static evh_code create(const evh_host* host, void** self, evh_error* error) noexcept {
    return guard(error, [&] { *self = std::make_unique<Plugin>(Host(host)).release(); });
  }
  static evh_code start(void* self, evh_error* error) noexcept {
    return guard(error, [&] {
      if constexpr (requires(Plugin & plugin) { plugin.start(); }) of(self).start();
    });
  }
  static evh_code drain(void* self, evh_span budget, evh_error* error) noexcept {
    return guard(error, [&]() -> evh_code {
      if constexpr (requires(Plugin & plugin, std::string & left) { plugin.drain(Span{}, left); }) {
        std::string left;
        const evh_code code = of(self).drain(Span{budget}, left);
        return code == EVH_OK ? EVH_OK : fail(error, code, left);
      }
      return EVH_OK;
    });
  }
  static void stop(void* self) noexcept {
    if constexpr (requires(Plugin & plugin) { plugin.stop(); }) of(self).stop();
  }
  static void destroy(void* self) noexcept { std::unique_ptr<Plugin>(&of(self)); }

 private:
  static Plugin& of(void* self) noexcept { return *static_cast<Plugin*>(self); }
};

template <class Plugin>
evh_plugin describe(const Description& description) noexcept {
  evh_plugin plugin{};
  plugin.size = sizeof plugin;
  plugin.abi = EVH_ABI;
  plugin.name = description.name;
  plugin.version = description.version;
  plugin.summary = description.summary;
  plugin.settings = description.settings.data();
  plugin.setting_count = description.settings.size();
  plugin.setting_stride = sizeof(evh_setting);
  plugin.provides = description.provides.data();
  plugin.provide_count = description.provides.size();
  plugin.needs = description.needs.data();
  plugin.need_count = description.needs.size();
  plugin.need_stride = sizeof(evh_need);
  plugin.create = &Lifecycle<Plugin>::create;
  plugin.start = &Lifecycle<Plugin>::start;
  plugin.drain = &Lifecycle<Plugin>::drain;
  plugin.stop = &Lifecycle<Plugin>::stop;
  plugin.destroy = &Lifecycle<Plugin>::destroy;
  return plugin;
}

}  // namespace detail
}  // namespace evh

// Defines the plugin's one exported function. The second argument is an evh::Description in braces.
#define EVH_PLUGIN(Type, ...)                                                                   \
  extern "C" EVH_EXPORT const evh_plugin* evh_plugin_entry(void) {                              \
    static const evh_plugin plugin = evh::detail::describe<Type>(evh::Description __VA_ARGS__); \
    return &plugin;                                                                             \
  }
