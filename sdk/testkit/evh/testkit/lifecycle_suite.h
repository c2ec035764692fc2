// The lifecycle tests that every plugin should pass, from evh/plugin.h. Needs GoogleTest.
//
//   std::shared_ptr<void> fakes(evh::testkit::TestHost& host) {   // what the plugin needs; the result keeps it alive
//     auto store = std::make_shared<evh::testkit::FakeEventStore>(host.clock());
//     host.provide(*store);
//     return store;
//   }
//   EVH_LIFECYCLE_SUITE(GreeterLifecycle, GREETER_SO, {{"greeting", "hello"}}, fakes)
//   EVH_FAILED_START_SUITE(GreeterThatCannotStart, GREETER_SO, {{"greeting", "forbidden"}}, fakes)
//
// Settings and fakes may be left out, from the right. All are evaluated anew for each test. The settings must suit two
// instances in one process: port 0, a file that two may open.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "evh/testkit/exported_symbols.h"
#include "evh/testkit/fakes.h"
#include "evh/testkit/test_host.h"

namespace evh::testkit {

// One test's host, with a plugin to load into it. What the host saw of broken contract fails the test at the end.
class LifecycleTest {
 public:
  explicit LifecycleTest(std::filesystem::path library, Settings settings = {}, const Fakes& fakes = {})
      : fakes_(fakes ? fakes(host_) : nullptr), library_(std::move(library)), settings_(std::move(settings)) {}
  ~LifecycleTest() { EXPECT_THAT(host_.violations(), testing::IsEmpty()) << "the plugin broke the contract"; }
  LifecycleTest(const LifecycleTest&) = delete;
  LifecycleTest& operator=(const LifecycleTest&) = delete;

  void exports_only_its_entry() {
    const LoadedPlugin plugin = load("subject");  // its descriptor is checked with it
    EXPECT_THAT(exported_symbols(library_), testing::ElementsAre(EVH_PLUGIN_ENTRY));
  }

  void goes_through_its_life() {
    LoadedPlugin plugin = load("subject");
    ASSERT_NO_FATAL_FAILURE(begin(plugin));
    end(plugin);
  }

  void stops_without_start() {
    LoadedPlugin plugin = load("subject");
    const Outcome created = plugin.create();
    ASSERT_TRUE(created.ok()) << "create: " << created;
    plugin.stop();
    plugin.destroy();
  }

  void stops_without_drain() {
    LoadedPlugin plugin = load("subject");
    ASSERT_NO_FATAL_FAILURE(begin(plugin));
    plugin.stop();
    plugin.destroy();
  }

  void stops_twice() {
    LoadedPlugin plugin = load("subject");
    ASSERT_NO_FATAL_FAILURE(begin(plugin));
    EXPECT_TRUE(plugin.drain(kBudget).ok());
    plugin.stop();
    plugin.stop();
    plugin.destroy();
  }

  void drains_quickly_without_work() {
    LoadedPlugin plugin = load("subject");
    ASSERT_NO_FATAL_FAILURE(begin(plugin));
    const auto before = std::chrono::steady_clock::now();
    const Outcome drained = plugin.drain(kBudget);
    EXPECT_LT(std::chrono::steady_clock::now() - before, kBudget / 4) << "there was nothing to wait for";
    EXPECT_TRUE(drained.ok()) << "drain: " << drained;
  }

  void lives_twice_at_once() {
    LoadedPlugin first = load("first");
    LoadedPlugin second = load("second");
    ASSERT_NO_FATAL_FAILURE(begin(first));
    ASSERT_NO_FATAL_FAILURE(begin(second));
    end(first);
    end(second);
  }

  void lives_again_and_leaves_no_file_open() {
    LoadedPlugin plugin = load("subject");
    ASSERT_NO_FATAL_FAILURE(begin(plugin));
    end(plugin);
    const std::size_t before = open_files();  // what a library opens once and for all is open now
    ASSERT_NO_FATAL_FAILURE(begin(plugin));
    end(plugin);
    EXPECT_EQ(open_files(), before) << "stop closes everything";
  }

  // With settings that create or start fails with.
  void cleans_up_after_a_failed_start() {
    LoadedPlugin plugin = load("subject");
    ASSERT_NO_FATAL_FAILURE(fail_to_begin(plugin));
    const std::size_t before = open_files();
    ASSERT_NO_FATAL_FAILURE(fail_to_begin(plugin));
    EXPECT_EQ(open_files(), before) << "a failed start leaves nothing behind";
  }

 private:
  static constexpr Span kBudget = kPatience;

  static std::size_t open_files() {
    using Iterator = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(Iterator("/proc/self/fd"), Iterator()));
  }

  static void begin(LoadedPlugin& plugin) {
    const Outcome created = plugin.create();
    ASSERT_TRUE(created.ok()) << "create: " << created;
    const Outcome started = plugin.start();
    ASSERT_TRUE(started.ok()) << "start: " << started;
  }

  static void end(LoadedPlugin& plugin) {
    const Outcome drained = plugin.drain(kBudget);
    EXPECT_TRUE(drained.ok()) << "drain: " << drained;
    plugin.stop();
    plugin.destroy();
  }

  static void fail_to_begin(LoadedPlugin& plugin) {
    if (!plugin.create().ok()) return;  // and that was all: destroy is not called
    ASSERT_FALSE(plugin.start().ok()) << "these settings should make create or start fail";
    plugin.stop();
    plugin.stop();
    plugin.destroy();
  }

  [[nodiscard]] LoadedPlugin load(const std::string& instance) { return host_.load(library_, settings_, instance); }

  TestHost host_;
  std::shared_ptr<void> fakes_;
  std::filesystem::path library_;
  Settings settings_;
};

}  // namespace evh::testkit

#define EVH_LIFECYCLE_TEST_(Suite, Name, function, ...)  \
  TEST(Suite, Name) {                                    \
    evh::testkit::LifecycleTest{__VA_ARGS__}.function(); \
  }

// (Suite, library [, settings [, fakes]])
#define EVH_LIFECYCLE_SUITE(Suite, ...)                                                          \
  EVH_LIFECYCLE_TEST_(Suite, ExportsOnlyItsEntry, exports_only_its_entry, __VA_ARGS__)           \
  EVH_LIFECYCLE_TEST_(Suite, GoesThroughItsLife, goes_through_its_life, __VA_ARGS__)             \
  EVH_LIFECYCLE_TEST_(Suite, StopsWithoutStart, stops_without_start, __VA_ARGS__)                \
  EVH_LIFECYCLE_TEST_(Suite, StopsWithoutDrain, stops_without_drain, __VA_ARGS__)                \
  EVH_LIFECYCLE_TEST_(Suite, StopsTwice, stops_twice, __VA_ARGS__)                               \
  EVH_LIFECYCLE_TEST_(Suite, DrainsQuicklyWithoutWork, drains_quickly_without_work, __VA_ARGS__) \
  EVH_LIFECYCLE_TEST_(Suite, LivesTwiceAtOnce, lives_twice_at_once, __VA_ARGS__)                 \
  EVH_LIFECYCLE_TEST_(Suite, LivesAgainAndLeavesNoFileOpen, lives_again_and_leaves_no_file_open, __VA_ARGS__)

// (Suite, library, settings that create or start fails with [, fakes])
#define EVH_FAILED_START_SUITE(Suite, ...) \
  EVH_LIFECYCLE_TEST_(Suite, CleansUpAfterAFailedStart, cleans_up_after_a_failed_start, __VA_ARGS__)
