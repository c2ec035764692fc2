// One plugin of the configuration, alive: its evh_host table, and its lifecycle behind a fence for whatever it throws.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evh/host.h"
#include "evh/host_info.h"
#include "log.h"
#include "plan.h"
#include "plugin_clock.h"
#include "shutdown_request.h"

namespace evh::host {

// What all instances share. Borrowed, and longer lived than any of them.
struct Process {
  Log& log;
  PluginClock& clock;
  ShutdownRequest& shutdown;
};

// Where the needs of an instance are met.
struct Connection {
  std::string service;
  std::vector<evh_provider> providers;  // the one that find returns first
};

struct Failure {
  evh_code code;
  std::string message;
};

class Instance {
 public:
  // `planned` is borrowed.
  Instance(const PlannedPlugin& planned, Process process);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  [[nodiscard]] std::string_view id() const noexcept { return planned_.id; }
  [[nodiscard]] Place place() const noexcept { return planned_.place; }
  [[nodiscard]] const Descriptor& descriptor() const noexcept { return planned_.plugin->descriptor; }
  [[nodiscard]] bool is_created() const noexcept { return is_created_; }
  // nullptr: it has not published that.
  [[nodiscard]] const void* published(std::string_view service) const noexcept;

  // [once, after all are created and before the first is started]
  void connect(std::vector<Connection> connections);

  // [one thread, in this order] nullopt: it went well. After a failed create, is_created tells whether stop and destroy
  // are due.
  [[nodiscard]] std::optional<Failure> create();
  [[nodiscard]] std::optional<Failure> start();
  [[nodiscard]] std::optional<Failure> drain(evh_span budget);
  [[nodiscard]] std::optional<Failure> stop();
  [[nodiscard]] std::optional<Failure> destroy();

  // [any thread]
  void set_state(std::int32_t state) noexcept { state_.store(state, std::memory_order_relaxed); }
  void describe(void (*sink)(void* ctx, const evh_plugin_info* info), void* ctx) const;

 private:
  static Instance& of(void* self) noexcept { return *static_cast<Instance*>(self); }
  [[nodiscard]] evh_host make_table() noexcept;
  [[nodiscard]] const Setting* setting(const char* name, std::initializer_list<std::int32_t> types) const noexcept;
  [[nodiscard]] const Connection* connection(const char* service_id) const noexcept;
  evh_code publish(const char* service_id, const void* table, evh_error* error);
  void set_health(std::int32_t health, std::string_view why);

  struct Publication {
    std::string_view service;
    const void* table;
  };

  const PlannedPlugin& planned_;
  const Process process_;
  const std::string settings_json_;
  const evh_host table_;
  void* self_ = nullptr;
  bool is_created_ = false;
  std::atomic<bool> is_creating_ = false;
  std::vector<Publication> publications_;
  std::vector<Connection> connections_;
  std::atomic<bool> is_connected_ = false;  // from then on connections_ never changes
  std::atomic<std::int32_t> state_ = EVH_STATE_CREATED;

  mutable std::mutex health_mutex_;
  std::int32_t health_ = EVH_HEALTHY;
  std::string why_;
};

}  // namespace evh::host
