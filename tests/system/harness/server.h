#pragma once

#include <sys/types.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evh/testkit/temp_folder.h"
#include "harness/child_process.h"
#include "harness/configuration.h"
#include "harness/http_connection.h"
#include "harness/http_response.h"
#include "harness/process_usage.h"

namespace evh::system_test {

/// The real program with a configuration of its own, from the first log line to the last. A server that is still
/// running at the end is sent SIGTERM and must end with 0. What it wrote is shown when the test has failed.
class Server {
 public:
  /// Returns when the server is ready; throws when it does not get that far. `folder` is its working folder, holds its
  /// data, and must outlive it.
  explicit Server(const testkit::TempFolder& folder, const Configuration& configuration = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The command that the constructor starts; writes the configuration file.
  static Command command(const testkit::TempFolder& folder, const Configuration& configuration);

  std::uint16_t port() const noexcept { return port_; }

  /// One request on a connection of its own.
  HttpResponse ask(std::string_view request) const { return HttpConnection(port_).ask(request); }

  /// Whole log lines so far that have this msg.
  std::vector<nlohmann::json> log(std::string_view message) const;

  ProcessUsage usage() const { return usage_of(process_.pid()); }

  void signal(int number) { process_.signal(number); }
  std::optional<int> wait_for_exit(Milliseconds within) { return process_.wait_for_exit(within); }

  /// SIGTERM, and an end with 0.
  void stop();

  pid_t pid() const noexcept { return process_.pid(); }

 private:
  void wait_until_ready();
  void check_what_was_written() const;
  void show() const;

  ChildProcess process_;
  std::uint16_t port_ = 0;
  int exceptions_at_start_;
};

}  // namespace evh::system_test
