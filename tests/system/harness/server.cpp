#include "harness/server.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "harness/stored_events.h"

namespace evh::system_test {
namespace {

constexpr Milliseconds kStopPatience{15'000 * kSlowness};

void write_settings(std::ostream& out, const Configuration::Settings& settings, std::string_view indent) {
  for (const auto& [name, value] : settings) out << indent << name << ": " << value << '\n';
}

void write_plugin(std::ostream& out, std::string_view id, std::string_view plugin,
                  const Configuration::Settings& settings) {
  out << "  - id: " << id << "\n    plugin: " << plugin << "\n    settings:\n";
  write_settings(out, settings, "      ");
}

void write_configuration(const std::filesystem::path& file, const testkit::TempFolder& folder,
                         const Configuration& configuration) {
  Configuration::Settings host = configuration.host;
  host.emplace("plugin_folders", "[" EVH_PLUGIN_FOLDER "]");
  Configuration::Settings http = configuration.http;
  http.emplace("host", "127.0.0.1");
  http.emplace("port", "0");
  Configuration::Settings store = configuration.store;
  store.merge(StoredEvents::settings(folder));

  std::ofstream out(file);
  out << "host:\n";
  write_settings(out, host, "  ");
  out << "plugins:\n";
  write_plugin(out, "store", StoredEvents::kPlugin, store);
  write_plugin(out, "http", "http-api", http);
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

template <typename Take>
void each_whole_line(std::string_view text, Take take) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    take(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Command Server::command(const testkit::TempFolder& folder, const Configuration& configuration) {
  const std::filesystem::path file = folder.path() / "events-handler.yaml";
  write_configuration(file, folder, configuration);
  Command command;
  command.program = EVH_PROGRAM;
  command.arguments = {"run", "--config", file.string()};
  command.environment = configuration.environment;
  command.working_folder = folder.path();
  command.file_size_limit = configuration.file_size_limit;
  return command;
}

Server::Server(const testkit::TempFolder& folder, const Configuration& configuration)
    : process_(command(folder, configuration)), exceptions_at_start_(std::uncaught_exceptions()) {
  wait_until_ready();
}

Server::~Server() {
  try {
    if (process_.is_running()) stop();
    check_what_was_written();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
  const bool is_unwinding = std::uncaught_exceptions() > exceptions_at_start_;
  if (is_unwinding || testing::Test::HasFailure()) show();
}

void Server::wait_until_ready() {
  const bool in_time = eventually([this] { return !log("ready").empty() || !process_.is_running(); });
  const auto listening = log("listening");
  if (!in_time || !process_.is_running() || listening.empty()) {
    show();
    throw std::runtime_error("the server did not get ready");
  }
  port_ = listening.front().at("port").get<std::uint16_t>();
}

std::vector<nlohmann::json> Server::log(std::string_view message) const {
  const std::string wanted = R"("msg":)" + nlohmann::json(message).dump();
  const std::string output = process_.output();
  std::vector<nlohmann::json> lines;
  each_whole_line(output, [&](std::string_view line) {
    if (line.find(wanted) != std::string_view::npos) lines.push_back(nlohmann::json::parse(line));
  });
  return lines;
}

void Server::stop() {
  process_.signal(SIGTERM);
  const std::optional<int> exit = process_.wait_for_exit(kStopPatience);
  if (!exit) {
    ADD_FAILURE() << "the server has not ended " << kStopPatience.count() << " ms after SIGTERM";
    process_.signal(SIGKILL);
    process_.wait_for_exit(kPatience);
  } else {
    EXPECT_EQ(*exit, 0) << "the server's exit code after SIGTERM";
  }
}

// Whatever the test was about: every line of the log is one JSON object, and no sanitizer has found anything.
void Server::check_what_was_written() const {
  each_whole_line(process_.output(), [](std::string_view line) {
    const nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
    EXPECT_TRUE(parsed.is_object() && parsed.contains("time") && parsed.contains("level") && parsed.contains("msg"))
        << "not a log line: " << line;
  });
  const std::string errors = process_.errors();
  for (const std::string_view mark : {"Sanitizer", "runtime error:", "terminate called"}) {
    EXPECT_EQ(errors.find(mark), std::string::npos) << errors;
  }
}

void Server::show() const {
  constexpr std::size_t kShown = 6000;
  const std::string output = process_.output();
  const std::size_t skipped = output.size() > kShown ? output.size() - kShown : 0;
  std::cerr << "--- the server's standard output";
  if (skipped > 0) std::cerr << ", but for the first " << skipped << " bytes";
  std::cerr << "\n"
            << std::string_view(output).substr(skipped) << "--- its standard error\n"
            << process_.errors() << "---\n";
}

}  // namespace evh::system_test
