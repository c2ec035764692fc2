// The program, run as people run it, in a folder of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "evh/testkit/temp_folder.h"
#include "harness/child_process.h"

namespace evh::host_test {

using system_test::ChildProcess;
using system_test::Clock;
using system_test::eventually;
using system_test::kPatience;
using system_test::kSlowness;
using system_test::Milliseconds;
using testkit::TempFolder;

inline constexpr const char* kConfig = "events.yaml";  // in the working folder

// How a program ended, and all it wrote.
struct Ended {
  std::optional<int> exit_code;  // minus the signal that ended it; nothing: it did not end in time
  std::string output, errors;
};
void PrintTo(const Ended& ended, std::ostream* out);

// One line of the log.
using LogLine = nlohmann::json;

// Every line of `output`; one that is no JSON object fails the test.
std::vector<LogLine> log_lines(const std::string& output);

// What the file holds; nothing when it is not there.
std::string text_of(const std::filesystem::path& file);

// Those with this message; of this plugin unless it is empty.
std::vector<LogLine> lines_of(const std::string& output, std::string_view message, std::string_view plugin = {});

// "first start", "second start": who says, in this order, one of the steps of a plugin's life.
std::vector<std::string> steps_of(const std::string& output);

class HostRun : public testing::Test {
 protected:
  using Environment = std::map<std::string, std::string>;

  void write(const std::string& name, const std::string& text) const;

  // Writes kConfig: three lines of `host:` with the folder of test plugins, `host` among them, then `plugins:` in line
  // 4 and what is given, so that its first line is line 5.
  void configure(const std::string& plugins, const std::string& host = "shutdown_timeout: 10s") const;

  // Runs it to its end.
  Ended run(const std::vector<std::string>& arguments, const Environment& environment = {}) const;
  // `run --config events.yaml`.
  Ended run_to_end(const Environment& environment = {}) const { return run({"run", "--config", kConfig}, environment); }

  // `run --config events.yaml`, and goes on.
  std::unique_ptr<ChildProcess> start(const Environment& environment = {}) const;
  // The same, until the log says that it is ready.
  std::unique_ptr<ChildProcess> start_and_wait(const Environment& environment = {}) const;
  // `sh -c 'exec PROGRAM run --config events.yaml REDIRECTIONS'`.
  std::unique_ptr<ChildProcess> start_in_shell(const std::string& redirections) const;

  static Ended end_of(ChildProcess& process, Milliseconds within = kPatience);

  std::filesystem::path path_of(const std::string& name) const { return folder_.path() / name; }

  const TempFolder folder_;
};

// Exit code 2, nothing started, and exactly this one line on stderr.
MATCHER_P(IsRefusedWith, line, "is refused with one line that " + testing::DescribeMatcher<std::string>(line)) {
  *result_listener << testing::PrintToString(arg);
  return arg.exit_code == 2 && arg.output.empty() && testing::ExplainMatchResult(line, arg.errors, result_listener) &&
         std::count(arg.errors.begin(), arg.errors.end(), '\n') == 1 && arg.errors.back() == '\n';
}

// "events-handler: " `begin` ... `end`, one line. Nothing is pinned but where it is, what is wrong and what to do.
template <class... Parts>
auto Line(const std::string& begin, const Parts&... parts) {
  return testing::AllOf(testing::StartsWith("events-handler: " + begin), testing::HasSubstr(parts)...);
}

}  // namespace evh::host_test
