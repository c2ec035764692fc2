// A store that the suite tests: how it is started, restarted and stopped. Needs GoogleTest.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

#include "evh/testkit/fakes.h"
#include "evh/testkit/temp_folder.h"
#include "evh/testkit/test_host.h"

namespace evh::testkit {

// It runs from its construction on. Its data are its own alone and empty at first.
class StoreUnderTest {
 public:
  StoreUnderTest() = default;
  virtual ~StoreUnderTest() = default;
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;

  [[nodiscard]] virtual const evh_event_store& table() = 0;  // another one after each restart
  [[nodiscard]] virtual TestClock* clock() = 0;              // that stamps events; nullptr: the machine's does
  virtual void drain() = 0;
  virtual void stop() = 0;               // also without drain, and twice
  virtual void restart() = 0;            // after stop: the store comes back with the same data
  virtual void expect_good_conduct() {}  // beyond what the suite sees
};

struct PluginStoreOptions {
  enum class Stamps { kHostClock, kMachineClock };

  // Called once a test, with an empty folder that is removed at the end.
  std::function<Settings(const std::filesystem::path& folder)> settings = {};
  Fakes fakes = {};
  // Which clock stamps events: evh_host.now, or one on this machine (a database's).
  Stamps stamps = Stamps::kHostClock;
};

// A plugin that provides evh.event-store/1, loaded into a test host.
class PluginStore final : public StoreUnderTest {
 public:
  explicit PluginStore(const std::filesystem::path& library, const PluginStoreOptions& options = {})
      : fakes_(options.fakes ? options.fakes(host_) : nullptr),
        stamps_(options.stamps),
        plugin_(host_.load(library, options.settings ? options.settings(folder_.path()) : Settings{})) {
    plugin_.create_and_start();
  }

  const evh_event_store& table() override { return plugin_.service<evh_event_store>(); }
  TestClock* clock() override { return stamps_ == PluginStoreOptions::Stamps::kHostClock ? &host_.clock() : nullptr; }
  void drain() override {
    const Outcome drained = plugin_.drain(3 * kPatience);
    EXPECT_TRUE(drained.ok()) << "drain: " << drained;
  }
  void stop() override { plugin_.stop(); }
  void restart() override {
    plugin_.destroy();
    plugin_.create_and_start();
  }
  void expect_good_conduct() override {
    EXPECT_THAT(host_.violations(), testing::IsEmpty()) << "the store broke the contract of a plugin";
  }

 private:
  TempFolder folder_;
  TestHost host_;
  std::shared_ptr<void> fakes_;
  PluginStoreOptions::Stamps stamps_;
  LoadedPlugin plugin_;
};

}  // namespace evh::testkit
