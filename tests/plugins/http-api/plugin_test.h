// The plugin as it is loaded, started on a free port, with a store and a host of the test's making.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evh/host_info.h"
#include "evh/http_router.h"
#include "evh/testkit/fake_event_store.h"
#include "evh/testkit/test_host.h"
#include "evh/text.hpp"
#include "harness/http_connection.h"
#include "harness/requests.h"

namespace evh::http_api_test {

using system_test::ConnectionError;
using system_test::error_json;
using system_test::event_json;
using system_test::get_request;
using system_test::HttpConnection;
using system_test::HttpResponse;
using system_test::kPatience;
using system_test::kSlowness;
using system_test::Milliseconds;
using system_test::post_request;
using system_test::request_bytes;
using testkit::eventually;
using testkit::FakeEventStore;
using testkit::LogLine;
using testkit::Settings;
using Question = HttpConnection::Question;

/// evh.host-info/1, with what the test puts there.
class FakeHostInfo {
 public:
  struct Instance {
    std::string id;
    std::int32_t state = EVH_STATE_STARTED;
    std::int32_t health = EVH_HEALTHY;
    std::string why{};
  };

  FakeHostInfo() : table_{this, &FakeHostInfo::each} {}

  void set(std::vector<Instance> instances) {
    const std::lock_guard lock(mutex_);
    instances_ = std::move(instances);
  }
  const evh_host_info& table() const noexcept { return table_; }

 private:
  static void each(void* self, void (*sink)(void*, const evh_plugin_info*), void* ctx) {
    FakeHostInfo& host = *static_cast<FakeHostInfo*>(self);
    const std::lock_guard lock(host.mutex_);
    for (const Instance& instance : host.instances_) {
      evh_plugin_info info{};
      info.id = info.name = str(instance.id);
      info.version = str("1.0.0");
      info.settings_json = str("{}");
      info.why = str(instance.why);
      info.state = instance.state;
      info.health = instance.health;
      sink(ctx, &info);
    }
  }

  const evh_host_info table_;
  std::mutex mutex_;
  std::vector<Instance> instances_;
};

/// What the plugin needs.
struct Fakes {
  explicit Fakes(testkit::TestHost& host) : store(host.clock()) {
    host.provide(store);
    host.provide(host_info);
  }
  FakeEventStore store;
  FakeHostInfo host_info;
};

/// Settings of a server on a free port of this machine only.
inline Settings on_a_free_port(Settings settings = {}) {
  settings.emplace("host", "127.0.0.1");
  settings.emplace("port", "0");
  settings.emplace("threads", "1");
  return settings;
}

/// The port that the instance which was started last listens on.
inline std::uint16_t port_of(const testkit::TestHost& host) {
  int port = 0;
  for (const LogLine& line : host.logs()) {
    if (line.message == "listening") port = std::stoi(line.fields.at("port"));
  }
  if (port == 0) throw std::runtime_error("the plugin does not listen");
  return static_cast<std::uint16_t>(port);
}

class PluginTest : public testing::Test {
 protected:
  ~PluginTest() override {
    plugin_.reset();
    EXPECT_THAT(host_.violations(), testing::IsEmpty()) << "the plugin broke the contract";
  }

  void start(const Settings& settings = {}) {
    plugin_.emplace(host_.load(EVH_HTTP_API_SO, on_a_free_port(settings)));
    plugin_->create_and_start();
    port_ = port_of(host_);
  }

  HttpConnection connect() const { return HttpConnection(port_); }
  HttpResponse ask(std::string_view request, Question question = Question::kWithBody) const {
    return connect().ask(request, question);
  }

  const evh_http_router& router() const { return plugin_->service<evh_http_router>(); }

  /// Lines of the access log so far.
  std::vector<LogLine> requests() const {
    std::vector<LogLine> lines;
    for (LogLine& line : host_.logs()) {
      if (line.message == "HTTP request") lines.push_back(std::move(line));
    }
    return lines;
  }

  testkit::TestHost host_;
  Fakes fakes_{host_};
  FakeEventStore& store_ = fakes_.store;
  std::optional<testkit::LoadedPlugin> plugin_;
  std::uint16_t port_ = 0;
};

/// A refusal, to the byte; `details` empty: there are none.
MATCHER_P3(IsError, status, error, details, "is the error " + testing::PrintToString(error)) {
  const std::string body =
      std::string_view(details).empty() ? R"({"error":")" + std::string(error) + "\"}" : error_json(error, details);
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == status && arg.body == body && arg.header("Content-Type") == "application/json";
}

}  // namespace evh::http_api_test
