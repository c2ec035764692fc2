#include "host_run.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace evh::host_test {

void PrintTo(const Ended& ended, std::ostream* out) {
  *out << "exit code " << (ended.exit_code ? std::to_string(*ended.exit_code) : "none, it still runs")
       << "\nstdout: " << ended.output << "\nstderr: " << ended.errors;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<LogLine> log_lines(const std::string& output) {
  std::vector<LogLine> lines;
  std::istringstream in(output);
  for (std::string text; std::getline(in, text);) {
    LogLine line = LogLine::parse(text, nullptr, false);
    if (!line.is_object()) {
      ADD_FAILURE() << "no JSON object: " << text;
      continue;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<LogLine> lines_of(const std::string& output, std::string_view message, std::string_view plugin) {
  std::vector<LogLine> lines = log_lines(output.substr(0, output.rfind('\n') + 1));
  std::erase_if(lines, [&](const LogLine& line) {
    return line.value("msg", "") != message || (!plugin.empty() && line.value("plugin", "") != plugin);
  });
  return lines;
}

std::vector<std::string> steps_of(const std::string& output) {
  constexpr std::array<std::string_view, 5> kSteps{"create", "start", "drain", "stop", "destroy"};
  std::vector<std::string> steps;
  for (const LogLine& line : log_lines(output)) {
    const auto message = line.value("msg", "");
    if (std::find(kSteps.begin(), kSteps.end(), message) == kSteps.end()) continue;
    steps.push_back(line.value("plugin", "") + " " + message);
  }
  return steps;
}

void HostRun::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_of(name), std::ios::binary) << text;
}

void HostRun::configure(const std::string& plugins, const std::string& host) const {
  write(kConfig, "host:\n  plugin_folders: [" HOST_TEST_PLUGINS "]\n  " + host + "\nplugins:\n" + plugins);
}

Ended HostRun::run(const std::vector<std::string>& arguments, const Environment& environment) const {
  ChildProcess process(
      {.program = EVH_PROGRAM, .arguments = arguments, .environment = environment, .working_folder = folder_.path()});
  return end_of(process);
}

std::unique_ptr<ChildProcess> HostRun::start(const Environment& environment) const {
  return std::make_unique<ChildProcess>(system_test::Command{.program = EVH_PROGRAM,
                                                             .arguments = {"run", "--config", kConfig},
                                                             .environment = environment,
                                                             .working_folder = folder_.path()});
}

std::unique_ptr<ChildProcess> HostRun::start_and_wait(const Environment& environment) const {
  std::unique_ptr<ChildProcess> process = start(environment);
  const bool is_ready = eventually([&] { return !lines_of(process->output(), "ready").empty(); });
  EXPECT_TRUE(is_ready) << process->output() << process->errors();
  return process;
}

std::unique_ptr<ChildProcess> HostRun::start_in_shell(const std::string& redirections) const {
  const std::string line = std::string("exec '" EVH_PROGRAM "' run --config ") + kConfig + " " + redirections;
  return std::make_unique<ChildProcess>(
      system_test::Command{.program = "/bin/sh", .arguments = {"-c", line}, .working_folder = folder_.path()});
}

Ended HostRun::end_of(ChildProcess& process, Milliseconds within) {
  const auto exit_code = process.wait_for_exit(within);
  return {exit_code, process.output(), process.errors()};
}

}  // namespace evh::host_test
