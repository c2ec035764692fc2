// Plugins as C++ classes: what EVH_PLUGIN makes of them.
#include "evh/plugin.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace evh {
namespace {

constexpr evh_setting kSettings[] = {setting::integer("port", "8080", "TCP port")};
constexpr const char* kProvides[] = {"test.one/1", "test.two/1"};
constexpr evh_need kNeeds[] = {required("test.three/1"), optional("test.four/1")};

template <class Plugin>
evh_plugin describe() {
  return detail::describe<Plugin>({.name = "name",
                                   .version = "1.2.3",
                                   .summary = "summary",
                                   .settings = kSettings,
                                   .provides = kProvides,
                                   .needs = kNeeds});
}

// The least that a plugin is.
struct Least {
  explicit Least(Host host) : instance(host.instance()) {}
  std::string instance;
};

TEST(Describe, FillsTheDescriptor) {
  const evh_plugin plugin = describe<Least>();
  EXPECT_EQ(plugin.size, sizeof(evh_plugin));
  EXPECT_EQ(plugin.abi, EVH_ABI);
  EXPECT_EQ(plugin.reserved, 0U);
  EXPECT_STREQ(plugin.name, "name");
  EXPECT_STREQ(plugin.version, "1.2.3");
  EXPECT_STREQ(plugin.summary, "summary");
  EXPECT_EQ(plugin.settings, kSettings);
  EXPECT_EQ(plugin.setting_count, 1U);
  EXPECT_EQ(plugin.setting_stride, sizeof(evh_setting));
  EXPECT_EQ(plugin.provides, kProvides);
  EXPECT_EQ(plugin.provide_count, 2U);
  EXPECT_EQ(plugin.needs, kNeeds);
  EXPECT_EQ(plugin.need_count, 2U);
  EXPECT_EQ(plugin.need_stride, sizeof(evh_need));
  EXPECT_EQ(plugin.needs[0].optional, 0);
  EXPECT_EQ(plugin.needs[1].optional, 1);
}

TEST(Describe, TakesAPluginThatHasNothing) {
  const evh_plugin plugin = detail::describe<Least>({.name = "least"});
  EXPECT_EQ(plugin.setting_count + plugin.provide_count + plugin.need_count, 0U);
}

TEST(Lifecycle, LeavesOutWhatThePluginLeavesOut) {
  const evh_plugin plugin = describe<Least>();
  evh_host host{};
  host.instance = str("first");
  void* self = nullptr;
  evh_error error{};
  ASSERT_EQ(plugin.create(&host, &self, &error), EVH_OK);
  EXPECT_EQ(static_cast<Least*>(self)->instance, "first");
  EXPECT_EQ(plugin.start(self, &error), EVH_OK);
  EXPECT_EQ(plugin.drain(self, 1, &error), EVH_OK);
  plugin.stop(self);
  plugin.destroy(self);
}

// Counts what is called, and fails where it is told to.
struct Recorder {
  static inline std::string calls;
  static inline std::string fails_in;
  static inline bool is_no_exception = false;

  explicit Recorder(Host) { call("create"); }
  ~Recorder() { calls += " destroy"; }
  void start() { call("start"); }
  evh_code drain(Span budget, std::string& left) {
    call("drain " + std::to_string(budget.count()));
    left = "3 events";
    return fails_in == "timeout" ? EVH_TIMEOUT : EVH_OK;
  }
  void stop() noexcept { calls += " stop"; }

  static void call(const std::string& name) {
    calls += (calls.empty() ? "" : " ") + name;
    if (fails_in.empty() || !name.starts_with(fails_in)) return;
    if (is_no_exception) throw 42;
    throw Error(EVH_INVALID, name + " fails");
  }
};

class RecorderTest : public testing::Test {
 protected:
  const evh_plugin plugin = describe<Recorder>();
  const evh_host host{};
  void* self = nullptr;
  evh_error error{};

  void SetUp() override {
    Recorder::calls.clear();
    Recorder::fails_in.clear();
    Recorder::is_no_exception = false;
  }
  void TearDown() override {
    if (self != nullptr) plugin.destroy(self);
  }
};

TEST_F(RecorderTest, IsCalledStepByStep) {
  EXPECT_EQ(plugin.create(&host, &self, &error), EVH_OK);
  EXPECT_EQ(plugin.start(self, &error), EVH_OK);
  EXPECT_EQ(plugin.drain(self, 1500, &error), EVH_OK);
  plugin.stop(self);
  plugin.destroy(self);
  self = nullptr;
  EXPECT_EQ(Recorder::calls, "create start drain 1500 stop destroy");
  EXPECT_EQ(error.code, EVH_OK) << "success leaves the error alone";
  EXPECT_STREQ(error.message, "");
}

TEST_F(RecorderTest, LetsNoExceptionOutOfCreate) {
  Recorder::fails_in = "create";
  EXPECT_EQ(plugin.create(&host, &self, &error), EVH_INVALID);
  EXPECT_STREQ(error.message, "create fails");
  EXPECT_EQ(self, nullptr) << "it leaves nothing behind";
  EXPECT_EQ(Recorder::calls, "create");
}

TEST_F(RecorderTest, LetsNoExceptionOutOfStartAndDrain) {
  ASSERT_EQ(plugin.create(&host, &self, &error), EVH_OK);
  Recorder::fails_in = "start";
  EXPECT_EQ(plugin.start(self, &error), EVH_INVALID);
  EXPECT_STREQ(error.message, "start fails");
  Recorder::fails_in = "drain";
  EXPECT_EQ(plugin.drain(self, 1, &error), EVH_INVALID);
  EXPECT_STREQ(error.message, "drain 1 fails");
  Recorder::is_no_exception = true;
  EXPECT_EQ(plugin.drain(self, 1, &error), EVH_INTERNAL);
  EXPECT_EQ(plugin.start(self, nullptr), EVH_OK) << "it fails in drain alone";
}

TEST_F(RecorderTest, TellsWhatADrainHasLeft) {
  ASSERT_EQ(plugin.create(&host, &self, &error), EVH_OK);
  Recorder::fails_in = "timeout";
  EXPECT_EQ(plugin.drain(self, 1, &error), EVH_TIMEOUT);
  EXPECT_EQ(error.code, EVH_TIMEOUT);
  EXPECT_STREQ(error.message, "3 events");
}

}  // namespace
}  // namespace evh
