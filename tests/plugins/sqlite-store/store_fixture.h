// A sqlite-store as the host loads it, in a folder of its own, with a second pair of eyes on its file.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "database_view.h"
#include "evh/testkit/append_call.h"
#include "evh/testkit/scan_call.h"
#include "evh/testkit/temp_folder.h"
#include "evh/testkit/test_host.h"

namespace evh::sqlite_store::test {

using testkit::AppendCall;
using testkit::AppendEnd;
using testkit::eventually;
using testkit::NewEvent;

class StoreTest : public testing::Test {
 protected:
  ~StoreTest() override {
    for (const AppendCall& call : calls_) EXPECT_LE(call.times_done(), 1U) << "`done` was called twice";
    EXPECT_THAT(host_.violations(), testing::IsEmpty());
  }

  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "events.db"; }

  // Another instance of the plugin, by default on the same file.
  [[nodiscard]] testkit::LoadedPlugin load(testkit::Settings settings = {}) {
    settings.try_emplace("path", file());
    return host_.load(SQLITE_STORE_SO, settings, "store-" + std::to_string(++instances_));
  }
  [[nodiscard]] testkit::LoadedPlugin start(testkit::Settings settings = {}) {
    testkit::LoadedPlugin plugin = load(std::move(settings));
    plugin.create_and_start();
    return plugin;
  }

  static const evh_event_store& store_of(const testkit::LoadedPlugin& plugin) {
    return plugin.service<evh_event_store>();
  }

  // The call is kept until the end of the test: declare plugins inside the test, so that they stop before.
  AppendCall& begin(const testkit::LoadedPlugin& plugin, std::vector<NewEvent> events,
                    Span max_wait = testkit::kPatience) {
    AppendCall& call = calls_.emplace_back(std::move(events));
    call.begin(store_of(plugin), max_wait);
    return call;
  }
  AppendCall& begin(const testkit::LoadedPlugin& plugin, const std::string& action,
                    Span max_wait = testkit::kPatience) {
    return begin(plugin, {NewEvent{.action = action}}, max_wait);
  }
  AppendEnd append(const testkit::LoadedPlugin& plugin, std::vector<NewEvent> events,
                   Span max_wait = testkit::kPatience) {
    const AppendCall& call = begin(plugin, std::move(events), max_wait);
    EXPECT_TRUE(call.wait(2 * max_wait + testkit::kPatience)) << "`done` was never called";
    return call.end();
  }
  AppendEnd append(const testkit::LoadedPlugin& plugin, const std::string& action, Span max_wait = testkit::kPatience) {
    return append(plugin, {NewEvent{.action = action}}, max_wait);
  }

  testkit::TempFolder folder_;
  testkit::TestHost host_;
  std::deque<AppendCall> calls_;

 private:
  int instances_ = 0;
};

MATCHER(IsStored, "was stored") {
  *result_listener << "ended with " << testkit::code_name(arg.code) << " " << arg.message;
  return arg.stored_all();
}

MATCHER_P(EndedWith, code, "ended with " + testkit::code_name(code)) {
  *result_listener << "ended with " << testkit::code_name(arg.code) << " " << arg.message;
  return arg.code == code;
}

}  // namespace evh::sqlite_store::test
