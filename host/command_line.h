// What the user asked for.
#pragma once

#include <optional>
#include <string>

namespace evh::host {

enum class Command { kRun, kCheck, kPlan, kListPlugins, kShowPlugin, kVersion };

struct CommandLine {
  Command command = Command::kVersion;
  std::string config;  // a file; empty: none was named
  std::string plugin;  // of kShowPlugin
};

struct CommandLineResult {
  std::optional<CommandLine> command_line;  // nullopt: nothing is left to do but to exit
  int exit_code = 0;
};

// Prints help to stdout, and what is wrong to stderr.
[[nodiscard]] CommandLineResult parse_command_line(int argc, const char* const* argv);

}  // namespace evh::host
