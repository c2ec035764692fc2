#include "commands.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "configuration.h"
#include "environment.h"
#include "exit_code.h"
#include "lifecycle.h"
#include "log.h"
#include "plan.h"
#include "printable.h"
#include "process_end.h"
#include "report.h"
#include "signals.h"

namespace evh::host {
namespace {

constexpr const char* kDefaultConfig = "config/standalone.yaml";
constexpr const char* kDotEnv = ".env";

std::string config_file(const CommandLine& command_line) {
  if (!command_line.config.empty()) return command_line.config;
  if (std::filesystem::exists(kDefaultConfig)) return kDefaultConfig;
  throw StartRefused(std::string("no configuration: there is no ") + kDefaultConfig +
                     " in the working folder. Name a file with --config FILE");
}

Plan load(const CommandLine& command_line) {
  const Environment environment = Environment::of_process(kDotEnv);
  return make_plan(read_configuration(config_file(command_line), environment));
}

std::vector<std::filesystem::path> folders_of(const CommandLine& command_line) {
  if (command_line.config.empty()) return plugin_folders({});
  const Environment environment = Environment::of_process(kDotEnv);
  return plugin_folders(read_configuration(command_line.config, environment).host.plugin_folders);
}

void print_warnings(const Plan& plan) {
  const Secrets secrets = secrets_of(plan);
  std::string storage;
  for (const Warning& warning : plan.warnings) {
    const std::string owner = warning.plugin.empty() ? "host" : "plugin '" + warning.plugin + "'";
    print_problem("warning: " + owner + ": " + std::string(secrets.masked(warning.message, storage)));
  }
}

void print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return;
  throw std::system_error(errno, std::generic_category(), "standard output cannot be written");
}

// Every connection is a descriptor, and the soft limit is small for reasons of old programs only.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const CommandLine& command_line, std::chrono::steady_clock::time_point began) {
  block_signals();
  raise_descriptor_limit();
  std::optional<Log> log;  // outlives the watcher
  ShutdownRequest shutdown;
  SignalWatcher signals(shutdown);
  const Plan plan = load(command_line);
  log.emplace(STDOUT_FILENO, plan.configuration.host.log_level, secrets_of(plan));
  const ProcessEndReport::ToLog reported_to_log(*log);
  signals.begin_gracefully(*log);
  for (const Warning& warning : plan.warnings) {
    log->warn(warning.plugin, warning.message, {{"setting", warning.setting}, {"variable", warning.variable}});
  }
  Lifecycle lifecycle(plan, *log, shutdown, began);
  const int exit_code = lifecycle.run();
  constexpr std::chrono::microseconds kLeastForExit = std::chrono::seconds{3};
  end_within(std::chrono::ceil<std::chrono::milliseconds>(std::max(lifecycle.budget_left(), kLeastForExit)));
  return exit_code;
}

int check(const CommandLine& command_line) {
  const Plan plan = load(command_line);
  print_warnings(plan);
  const std::size_t count = plan.plugins.size();
  print(plan.configuration.file + ": ok, " + std::to_string(count) + (count == 1 ? " plugin\n" : " plugins\n"));
  return kExitOk;
}

int print_plan(const CommandLine& command_line) {
  const Plan plan = load(command_line);
  print_warnings(plan);
  print(describe_plan(plan));
  return kExitOk;
}

int show_plugin(const CommandLine& command_line) {
  try {
    print(describe_plugin(open_plugin(find_plugin(command_line.plugin, folders_of(command_line)))));
    return kExitOk;
  } catch (const std::runtime_error& error) {
    throw StartRefused(command_line.plugin + ": " + error.what());
  }
}

}  // namespace

void print_problem(const std::string& problem) {
  std::fprintf(stderr, "events-handler: %s\n", printable(problem).c_str());
}

int execute(const CommandLine& command_line, std::chrono::steady_clock::time_point began) {
  switch (command_line.command) {
    case Command::kRun:
      return run(command_line, began);
    case Command::kCheck:
      return check(command_line);
    case Command::kPlan:
      return print_plan(command_line);
    case Command::kListPlugins:
      print(list_plugins(folders_of(command_line)));
      return kExitOk;
    case Command::kShowPlugin:
      return show_plugin(command_line);
    case Command::kVersion:
      print(describe_version());
      return kExitOk;
  }
  return kExitRefused;
}

}  // namespace evh::host
