// What the plugins of one test host share.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evh/testkit/test_host.h"

namespace evh::testkit {

class PluginInstance;

// Every function may be called from any thread.
class HostState {
 public:
  struct Service {
    std::string id;
    const void* table;
    std::string instance;         // who provides it
    const PluginInstance* owner;  // nullptr: a fake
  };

  TestClock clock;

  HostState();
  ~HostState();

  PluginInstance& add_instance(std::unique_ptr<PluginInstance> instance);
  [[nodiscard]] bool has_living_instance(std::string_view id) const;
  void begin_draining();

  void add_service(Service service);
  void withdraw_services(const PluginInstance& owner);
  // Services with this id that `asker` did not publish itself, fakes first.
  [[nodiscard]] std::vector<const Service*> find_services(std::string_view id, const PluginInstance& asker) const;

  void report(Violation violation);
  [[nodiscard]] std::vector<Violation> violations() const;

  void add_log(LogLine line);
  [[nodiscard]] std::vector<LogLine> logs() const;
  [[nodiscard]] std::optional<LogLine> wait_for_log(std::string_view message, Span patience) const;
  void set_log_level(Level level);
  [[nodiscard]] bool logs_level(std::int32_t level) const;

  void add_shutdown_request(ShutdownRequest request);
  [[nodiscard]] std::vector<ShutdownRequest> shutdown_requests() const;
  [[nodiscard]] bool wait_for_shutdown_request(Span patience) const;

 private:
  // To call them without the lock: an instance calls back while it holds its own.
  [[nodiscard]] std::vector<PluginInstance*> instances() const;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::list<Service> services_;  // instance names are lent to plugins, hence the stable addresses
  std::list<Service> withdrawn_;
  std::vector<Violation> violations_;
  std::vector<LogLine> logs_;
  std::vector<ShutdownRequest> shutdown_requests_;
  Level level_ = Level::kDebug;
  std::vector<std::unique_ptr<PluginInstance>> instances_;
};

}  // namespace evh::testkit
