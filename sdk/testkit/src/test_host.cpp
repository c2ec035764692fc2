#include "evh/testkit/test_host.h"

#include <ostream>

#include "host_state.h"
#include "plugin_instance.h"
#include "plugin_library.h"

namespace evh::testkit {
namespace {

const char* name_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "?";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const LogLine& line) {
  out << name_of(line.level) << ' ' << line.plugin << ": " << line.message;
  for (const auto& [key, value] : line.fields) out << ' ' << key << '=' << value;
  return out;
}

TestHost::TestHost() : state_(std::make_unique<HostState>()) {}
TestHost::~TestHost() = default;

TestClock& TestHost::clock() noexcept {
  return state_->clock;
}

void TestHost::provide(std::string service_id, const void* table, std::string instance) {
  state_->add_service({std::move(service_id), table, std::move(instance), nullptr});
}

LoadedPlugin TestHost::load(const std::filesystem::path& library, const Settings& settings, std::string instance) {
  const PluginLibrary opened = open_plugin_library(library);
  const std::string id = instance.empty() ? opened.descriptor->name : std::move(instance);
  if (state_->has_living_instance(id))
    throw LoadError("there is an instance '" + id + "' already: give this one another id");
  try {
    return LoadedPlugin(state_->add_instance(std::make_unique<PluginInstance>(*state_, opened, settings, id)));
  } catch (const LoadError& error) {
    throw LoadError("cannot load plugin " + library.string() + ": " + error.what());
  }
}

std::vector<LogLine> TestHost::logs() const {
  return state_->logs();
}

std::optional<LogLine> TestHost::wait_for_log(std::string_view message, Span patience) const {
  return state_->wait_for_log(message, patience);
}

void TestHost::set_log_level(Level level) {
  state_->set_log_level(level);
}

std::vector<ShutdownRequest> TestHost::shutdown_requests() const {
  return state_->shutdown_requests();
}

bool TestHost::wait_for_shutdown_request(Span patience) const {
  return state_->wait_for_shutdown_request(patience);
}

void TestHost::begin_draining() {
  state_->begin_draining();
}

std::vector<Violation> TestHost::violations() const {
  return state_->violations();
}

}  // namespace evh::testkit
