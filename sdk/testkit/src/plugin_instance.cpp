#include "plugin_instance.h"

#include <algorithm>
#include <cstring>

#include "call_watch.h"
#include "descriptor_check.h"
#include "evh/error.hpp"
#include "evh/text.hpp"
#include "evh/utf8.hpp"
#include "host_table.h"
#include "text_check.h"
#include "thread_census.h"

namespace evh::testkit {
namespace {

// How much longer than its budget a drain may take before it counts: a loaded machine and a sanitizer take their time.
constexpr Span kDrainGrace = std::chrono::seconds{1};

// What evh_error holds before a call, to see whether a call that succeeded wrote to it.
evh_error untouched() {
  evh_error error;
  std::memset(&error, 0x5A, sizeof error);
  return error;
}

}  // namespace

PluginInstance::PluginInstance(HostState& host, const PluginLibrary& library, Settings settings, std::string id)
    : host_(host),
      descriptor_(*library.descriptor),
      given_settings_(std::move(settings)),
      secrets_(secret_texts(descriptor_, given_settings_)),
      id_(id.empty() ? descriptor_.name : std::move(id)),
      table_(make_host_table(*this)) {
  (void)read_settings(descriptor_, given_settings_);
  for (const std::string& symbol : library.surplus_exports) {
    violate("exports", "its library exports " + symbol +
                           "; a plugin exports " EVH_PLUGIN_ENTRY " alone (evh_add_plugin sees to it)");
  }
}

bool PluginInstance::is_living() const {
  const std::lock_guard lock(mutex_);
  return !abandoned_ && phase_ != Phase::kDestroyed;
}

Outcome PluginInstance::create() {
  enter(Phase::kCreating, {Phase::kLoaded, Phase::kDestroyed}, "create");
  {
    const std::lock_guard lock(mutex_);
    settings_ = read_settings(descriptor_, given_settings_);
    published_.clear();
    health_ = EVH_HEALTHY;
    health_reason_.clear();
    draining_ = std::stop_source{};
  }
  ThreadCensus::of_process().enter(this);
  const Outcome outcome = run("create", [&](evh_error* error) { return descriptor_.create(&table_, &self_, error); });
  set_phase(outcome.ok() ? Phase::kCreated : Phase::kLoaded);
  if (outcome.ok()) {
    check_publications();
    return outcome;
  }
  cancel_waits();
  host_.withdraw_services(*this);
  check_threads("the create that failed");
  ThreadCensus::of_process().leave(this);
  return outcome;
}

Outcome PluginInstance::start() {
  check_needs_are_provided();
  enter(Phase::kStarting, {Phase::kCreated}, "start");
  const Outcome outcome = run("start", [&](evh_error* error) { return descriptor_.start(self_, error); });
  set_phase(outcome.ok() ? Phase::kStarted : Phase::kStartFailed);
  return outcome;
}

Outcome PluginInstance::drain(Span budget) {
  enter(Phase::kDraining, {Phase::kStarted}, "drain");
  cancel_waits();
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome =
      run("drain", [&](evh_error* error) { return descriptor_.drain(self_, budget.count(), error); });
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (spent > budget + kDrainGrace) {
    violate("drain", "drain took " + std::to_string(spent.count()) + " ms of a budget of " +
                         std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(budget).count()) +
                         " ms; past it, it must return EVH_TIMEOUT and say what is left");
  }
  set_phase(Phase::kDrained);
  return outcome;
}

void PluginInstance::stop() {
  enter(Phase::kStopping, {Phase::kCreated, Phase::kStarted, Phase::kStartFailed, Phase::kDrained, Phase::kStopped},
        "stop");
  cancel_waits();
  run("stop", [&] { descriptor_.stop(self_); });
  set_phase(Phase::kStopped);
  check_threads("stop");
}

void PluginInstance::destroy() {
  enter(Phase::kStopping, {Phase::kStopped}, "destroy");
  run("stop, called again,", [&] { descriptor_.stop(self_); });
  run("destroy", [&] { descriptor_.destroy(self_); });
  set_phase(Phase::kDestroyed);
  self_ = nullptr;
  host_.withdraw_services(*this);
  check_threads("destroy");
  ThreadCensus::of_process().leave(this);
  const std::lock_guard lock(mutex_);
  published_.clear();
  settings_.clear();  // so that a sanitizer sees a text that is used for too long
}

void PluginInstance::finish() {
  if (phase() == Phase::kStarted) (void)drain(kPatience);
  const Phase reached = phase();
  if (reached == Phase::kLoaded || reached == Phase::kDestroyed) return;
  if (reached != Phase::kStopped) stop();
  destroy();
}

void PluginInstance::abandon() {
  finish();
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
}

void PluginInstance::cancel_waits() {
  std::stop_source draining;
  {
    const std::lock_guard lock(mutex_);
    draining = draining_;
  }
  draining.request_stop();
}

const void* PluginInstance::service(std::string_view service_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(published_, service_id, &Published::id);
  if (found == published_.end()) {
    throw Misuse("plugin '" + id_ + "' has published no " + std::string(service_id) + ", or was destroyed");
  }
  return found->table;
}

Health PluginInstance::health() const {
  const std::lock_guard lock(mutex_);
  return Health{health_};
}

std::string PluginInstance::health_reason() const {
  const std::lock_guard lock(mutex_);
  return health_reason_;
}

bool PluginInstance::wait_for_health(Health health, Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return Health{health_} == health; });
}

void PluginInstance::log(std::int32_t level, evh_str message, const evh_log_field* fields, std::size_t field_count) {
  check_still_there("log");
  if (level < EVH_LOG_DEBUG || level > EVH_LOG_ERROR) {
    violate("log", "the level " + std::to_string(level) + " of the line '" + std::string(view(message)) +
                       "' is none of evh/log.h");
    return;
  }
  check_text("a log message", view(message));
  LogLine line{Level{level}, std::string(view(message)), id_, {}};
  for (std::size_t index = 0; index < field_count; ++index) {
    const evh_log_field& field = fields[index];
    check_text("the log field '" + std::string(view(field.key)) + "'", view(field.value));
    if (field.key.size == 0 || (field.kind != EVH_FIELD_TEXT && field.kind != EVH_FIELD_JSON) || field.reserved != 0) {
      violate("log",
              "a field of the line '" + line.message + "' has no key, an unknown kind, or a `reserved` that is not 0");
    }
    line.fields.insert_or_assign(std::string(view(field.key)), std::string(view(field.value)));
  }
  if (logs(level)) host_.add_log(std::move(line));
}

const SettingValue* PluginInstance::setting(const char* name, std::initializer_list<std::int32_t> types) {
  check_still_there("a function that reads settings");
  const std::lock_guard lock(mutex_);
  const auto found = settings_.find(std::string_view(name));
  if (found != settings_.end() && std::ranges::find(types, found->second.type) != types.end())
    return &found->second.value;
  violate("setting",
          "it asks for the setting '" + std::string(name) + "', which its descriptor does not declare with that type");
  return nullptr;
}

evh_code PluginInstance::publish(const char* service_id, const void* table, evh_error* error) {
  const std::string id = service_id == nullptr ? "NULL" : service_id;
  const auto refuse = [&](const std::string& why) {
    violate("publish", "it publishes " + id + " " + why);
    return fail(error, EVH_INVALID, "cannot publish " + id + " " + why);
  };
  if (phase() != Phase::kCreating) return refuse("outside create");
  const std::span listed(descriptor_.provides, descriptor_.provide_count);
  if (std::ranges::none_of(listed, [&](const char* one) { return id == one; })) {
    return refuse("without listing it in `provides`");
  }
  if (table == nullptr) return refuse("with a table that is NULL");
  {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(published_, id, &Published::id) == published_.end()) {
      published_.push_back({id, table});
      host_.add_service({id, table, id_, this});
      return EVH_OK;
    }
  }
  return refuse("twice");
}

std::vector<const HostState::Service*> PluginInstance::find(const char* service_id) {
  const std::string id = service_id == nullptr ? "NULL" : service_id;
  const Phase now = phase();
  if (now < Phase::kStarting || now == Phase::kDestroyed) {
    violate("find", "it looks for " + id + " before start or after destroy; services are found in start or later");
    return {};
  }
  const auto needs = declared_needs(descriptor_);
  if (std::ranges::none_of(needs, [&](const evh_need& need) { return id == need.service_id; })) {
    violate("find", "it looks for " + id + " without listing it in `needs`");
    return {};
  }
  return host_.find_services(id, *this);
}

void PluginInstance::request_shutdown(std::string_view why) {
  check_still_there("request_shutdown");
  check_text("the reason of request_shutdown", why);
  host_.add_shutdown_request({id_, std::string(why)});
}

evh_time PluginInstance::now() const {
  return raw(host_.clock.now());
}

evh_code PluginInstance::wait_until(evh_time until) {
  check_still_there("wait_until");
  if (is_in_lifecycle_call()) {
    violate("wait", "it waits on the host's thread, in a lifecycle call; only threads of its own may wait");
    return EVH_CANCELLED;
  }
  std::stop_token draining;
  {
    const std::lock_guard lock(mutex_);
    draining = draining_.get_token();
  }
  return host_.clock.wait_until(time(until), draining) ? EVH_OK : EVH_CANCELLED;
}

void PluginInstance::set_health(std::int32_t health, evh_str why) {
  check_still_there("set_health");
  if (health < EVH_HEALTHY || health > EVH_UNHEALTHY) {
    violate("health", "the health " + std::to_string(health) + " is none of evh/host.h");
    return;
  }
  check_text("the reason of set_health", view(why));
  if (why.size > 0 && !is_one_line(view(why))) violate("health", "the reason of set_health must be one line");
  const std::lock_guard lock(mutex_);
  health_ = health;
  health_reason_ = view(why);
  changed_.notify_all();
}

void PluginInstance::enter(Phase next, std::initializer_list<Phase> allowed, std::string_view call) {
  constexpr const char* kNames[] = {
      "loaded",   "in create", "created", "in start", "started",  "in a state of failed start",
      "in drain", "drained",   "in stop", "stopped",  "destroyed"};
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(allowed, phase_) == allowed.end()) {
    throw Misuse("the test calls " + std::string(call) + " when plugin '" + id_ + "' is " +
                 kNames[static_cast<int>(phase_)]);
  }
  phase_ = next;
}

void PluginInstance::set_phase(Phase phase) {
  const std::lock_guard lock(mutex_);
  phase_ = phase;
}

PluginInstance::Phase PluginInstance::phase() const {
  const std::lock_guard lock(mutex_);
  return phase_;
}

Outcome PluginInstance::run(std::string_view call, const std::function<evh_code(evh_error*)>& function) {
  evh_code code = EVH_OK;
  evh_error error = untouched();
  run(call, [&] { code = function(&error); });
  return read_outcome(call, code, error);
}

void PluginInstance::run(std::string_view call, const std::function<void()>& function) {
  const CallWatch watch(std::string(call) + " of plugin '" + id_ + "'");
  const ThreadIds before = ThreadCensus::running();
  {
    const std::lock_guard lock(mutex_);
    lifecycle_thread_ = std::this_thread::get_id();
  }
  function();
  {
    const std::lock_guard lock(mutex_);
    lifecycle_thread_ = {};
  }
  ThreadCensus::of_process().claim_new(this, before);
}

Outcome PluginInstance::read_outcome(std::string_view call, evh_code code, const evh_error& error) {
  const std::string who(call);
  if (code == EVH_OK) {
    const evh_error before = untouched();
    if (std::memcmp(&error, &before, sizeof error) != 0)
      violate("error", who + " returned EVH_OK and wrote to the caller's evh_error");
    return {};
  }
  const void* end = std::memchr(error.message, '\0', sizeof error.message);
  if (error.code != code || end == nullptr) {
    violate("error", who + " returned " + code_name(code) +
                         " without filling the evh_error with that code and a terminated text");
    return {code, "(the plugin gave no reason)"};
  }
  check_text("the error of " + who, error.message);
  if (!is_utf8(error.message) || error.message[0] == '\0')
    violate("error", who + " failed with a text that is empty or no UTF-8");
  return {code, error.message};
}

void PluginInstance::check_publications() {
  const std::lock_guard lock(mutex_);
  for (const char* id : std::span(descriptor_.provides, descriptor_.provide_count)) {
    if (std::ranges::find(published_, std::string_view(id), &Published::id) == published_.end()) {
      violate("publish", std::string("its create did not publish ") + id + ", which `provides` lists");
    }
  }
}

void PluginInstance::check_needs_are_provided() const {
  for (const evh_need& need : declared_needs(descriptor_)) {
    if (need.optional != 0 || !host_.find_services(need.service_id, *this).empty()) continue;
    throw Misuse("plugin '" + id_ + "' needs " + need.service_id +
                 ", and nobody provides it: give the test host a fake with provide()");
  }
}

void PluginInstance::check_threads(std::string_view after) {
  for (const std::string& thread : ThreadCensus::of_process().take_left_by(this)) {
    violate("threads", "thread " + thread + " still runs after " + std::string(after) +
                           ", which must join every thread (if it is the test's own: evh/testkit/bystander_thread.h)");
  }
}

void PluginInstance::check_text(std::string_view where, std::string_view text) {
  const bool shows_secret = std::ranges::any_of(
      secrets_, [&](const std::string& secret) { return text.find(secret) != std::string_view::npos; });
  if (shows_secret) violate("secret", std::string(where) + " shows the value of a secret setting");
}

void PluginInstance::check_still_there(std::string_view function) {
  const Phase now = phase();
  if (now == Phase::kDestroyed || now == Phase::kLoaded) {
    violate("lifecycle", "it calls " + std::string(function) + " of the host after destroy, or after a failed create");
  }
}

void PluginInstance::violate(std::string rule, std::string what) {
  host_.report({std::move(rule), id_, std::move(what)});
}

bool PluginInstance::is_in_lifecycle_call() const {
  const std::lock_guard lock(mutex_);
  return lifecycle_thread_ == std::this_thread::get_id();
}

}  // namespace evh::testkit
