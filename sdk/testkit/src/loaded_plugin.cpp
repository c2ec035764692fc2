#include "evh/testkit/loaded_plugin.h"

#include <stdexcept>
#include <utility>

#include "plugin_instance.h"

namespace evh::testkit {
namespace {

void require_ok(const Outcome& outcome, const std::string& what) {
  if (!outcome.ok()) throw std::runtime_error(what + " failed: " + code_name(outcome.code) + ": " + outcome.message);
}

}  // namespace

LoadedPlugin::LoadedPlugin(LoadedPlugin&& other) noexcept : instance_(std::exchange(other.instance_, nullptr)) {}

LoadedPlugin& LoadedPlugin::operator=(LoadedPlugin&& other) noexcept {
  if (this == &other) return *this;
  if (instance_ != nullptr) instance_->abandon();
  instance_ = std::exchange(other.instance_, nullptr);
  return *this;
}

LoadedPlugin::~LoadedPlugin() {
  if (instance_ != nullptr) instance_->abandon();
}

const std::string& LoadedPlugin::instance() const noexcept {
  return instance_->id();
}

const evh_plugin& LoadedPlugin::descriptor() const noexcept {
  return instance_->descriptor();
}

Outcome LoadedPlugin::create() {
  return instance_->create();
}

Outcome LoadedPlugin::start() {
  return instance_->start();
}

Outcome LoadedPlugin::drain(Span budget) {
  return instance_->drain(budget);
}

void LoadedPlugin::stop() {
  instance_->stop();
}

void LoadedPlugin::destroy() {
  instance_->destroy();
}

void LoadedPlugin::create_and_start() {
  require_ok(create(), "create of plugin '" + instance() + "'");
  require_ok(start(), "start of plugin '" + instance() + "'");
}

void LoadedPlugin::drain_stop_and_destroy() {
  instance_->finish();
}

const void* LoadedPlugin::service(std::string_view service_id) const {
  return instance_->service(service_id);
}

Health LoadedPlugin::health() const {
  return instance_->health();
}

std::string LoadedPlugin::health_reason() const {
  return instance_->health_reason();
}

bool LoadedPlugin::wait_for_health(Health health, Span patience) const {
  return instance_->wait_for_health(health, patience);
}

}  // namespace evh::testkit
