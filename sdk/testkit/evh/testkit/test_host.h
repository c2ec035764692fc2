// A host for one test: loads plugins for real, hands them fakes, turns their clock, keeps their logs, and watches that
// they keep the contract.
//
//   evh::testkit::TestHost host;
//   evh::testkit::FakeEventStore store(host.clock());
//   host.provide(store);
//   auto plugin = host.load(GREETER_SO, {{"greeting", "hello"}});
//   plugin.create_and_start();
//   host.clock().advance(1h);
//   ASSERT_TRUE(host.wait_for_log("greeted"));
//   plugin.drain_stop_and_destroy();
//   EXPECT_THAT(host.violations(), testing::IsEmpty());
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evh/host.hpp"
#include "evh/service.hpp"
#include "evh/testkit/failures.h"
#include "evh/testkit/loaded_plugin.h"
#include "evh/testkit/log_line.h"
#include "evh/testkit/patience.h"
#include "evh/testkit/settings.h"
#include "evh/testkit/test_clock.h"
#include "evh/testkit/violation.h"

namespace evh::testkit {

class HostState;

struct ShutdownRequest {
  std::string plugin;  // the instance that asked
  std::string why;
};

// Declare it before everything that is loaded into it. Every function may be called from any thread.
class TestHost {
 public:
  TestHost();
  ~TestHost();
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;

  [[nodiscard]] TestClock& clock() noexcept;

  // Offers a service to the plugins that list it among their needs. The table must outlive them. Fakes come before what
  // other loaded plugins publish; of several, find gives the first and find_all all of them.
  void provide(std::string service_id, const void* table, std::string instance = "fake");
  template <class Table>
  requires requires { ServiceId<Table>::kValue; }
  void provide(const Table& table, std::string instance = "fake") {
    provide(ServiceId<Table>::kValue, &table, std::move(instance));
  }
  // Of the testkit's fakes: whatever has a table().
  template <class Fake>
  requires requires(const Fake& fake) { fake.table(); }
  void provide(const Fake& fake, std::string instance = "fake") { provide(fake.table(), std::move(instance)); }

  // Opens the library as the host does (now, locally, for good), checks its descriptor and reads the settings. Throws
  // LoadError where the host would refuse to start. `instance` is its id, by default the plugin's name. Loading a
  // library again gives another instance of the same plugin.
  [[nodiscard]] LoadedPlugin load(const std::filesystem::path& library, const Settings& settings = {},
                                  std::string instance = {});

  // What the plugins logged so far, oldest first. All levels are on unless set_log_level was called.
  [[nodiscard]] std::vector<LogLine> logs() const;
  // The first line with this message, which may have been there already.
  [[nodiscard]] std::optional<LogLine> wait_for_log(std::string_view message, Span patience = kPatience) const;
  void set_log_level(Level level);

  [[nodiscard]] std::vector<ShutdownRequest> shutdown_requests() const;
  [[nodiscard]] bool wait_for_shutdown_request(Span patience = kPatience) const;

  // As if the process were told to end: every wait of a created plugin is cancelled, and those to come.
  void begin_draining();

  // How plugins broke the contract so far. A test that ends with EXPECT_THAT(host.violations(), IsEmpty()) has checked
  // it.
  [[nodiscard]] std::vector<Violation> violations() const;

 private:
  std::unique_ptr<HostState> state_;
};

}  // namespace evh::testkit
