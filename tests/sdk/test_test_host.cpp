#include "evh/testkit/test_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <limits>
#include <thread>

#include "evh/testkit/fake_event_store.h"
#include "evh/text.hpp"
#include "plugins/puppet.h"

namespace evh::testkit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

const char* const kPuppet = TEST_PLUGINS "puppet.so";
const char* const kTicker = TEST_PLUGINS "ticker.so";

TEST(TestHost, LoadsCreatesAndStartsAPluginInC) {
  TestHost host;
  auto plugin = host.load(kPuppet);
  EXPECT_TRUE(plugin.create().ok());
  const auto& service = plugin.service<puppet>();
  EXPECT_TRUE(plugin.start().ok());
  EXPECT_EQ(*service.starts, 1);
  plugin.drain_stop_and_destroy();
  EXPECT_THAT(host.violations(), IsEmpty());
}

TEST(TestHost, CallsEachStepOnceAndStopOnceMore) {
  TestHost host;
  auto plugin = host.load(kPuppet);
  plugin.create_and_start();
  const puppet& service = plugin.service<puppet>();
  EXPECT_TRUE(plugin.drain(1s).ok());
  EXPECT_EQ(*service.drains, 1);
  plugin.stop();
  EXPECT_EQ(*service.stops, 1);
  plugin.stop();
  EXPECT_EQ(*service.stops, 2);
  plugin.destroy();
  EXPECT_THROW((void)plugin.service<puppet>(), Misuse);
  plugin.create_and_start();
  EXPECT_EQ(*plugin.service<puppet>().starts, 1) << "another instance";
}

TEST(TestHost, RefusesStepsOutOfOrder) {
  TestHost host;
  auto plugin = host.load(kPuppet);
  EXPECT_THROW((void)plugin.start(), Misuse);
  EXPECT_THROW((void)plugin.drain(1s), Misuse);
  EXPECT_THROW(plugin.stop(), Misuse);
  EXPECT_THROW(plugin.destroy(), Misuse);
  plugin.create_and_start();
  EXPECT_THROW((void)plugin.create(), Misuse);
  EXPECT_THROW((void)plugin.start(), Misuse);
  EXPECT_THROW(plugin.destroy(), Misuse) << "before stop";
  plugin.stop();
  EXPECT_THROW((void)plugin.drain(1s), Misuse);
}

TEST(TestHost, StartsNothingWhoseNeedsAreNotProvided) {
  TestHost host;
  auto plugin = host.load(kTicker, {{"action", "tick"}});
  EXPECT_TRUE(plugin.create().ok());
  EXPECT_THROW((void)plugin.start(), Misuse);
}

TEST(TestHost, TellsWhyAStartFailed) {
  TestHost host;
  const FakeEventStore store(host.clock());
  host.provide(store);
  auto plugin = host.load(kTicker, {{"action", "forbidden"}});
  EXPECT_TRUE(plugin.create().ok());
  const Outcome started = plugin.start();
  EXPECT_EQ(started.code, EVH_INVALID);
  EXPECT_EQ(started.message, "the action 'forbidden' is forbidden");
}

TEST(TestHost, TurnsThePluginsClock) {
  TestHost host;
  FakeEventStore store(host.clock());
  host.provide(store);
  auto plugin = host.load(kTicker, {{"action", "tick"}, {"interval", "1h"}});
  plugin.create_and_start();
  for (std::size_t hour = 1; hour <= 3; ++hour) {
    ASSERT_TRUE(host.clock().wait_for_waiters(1));
    EXPECT_THAT(store.events(), SizeIs(hour - 1));
    host.clock().advance(1h);
    ASSERT_TRUE(store.wait_for_events(hour));
    EXPECT_EQ(store.events().back().created_at, raw(host.clock().now()));
  }
  const auto line = host.wait_for_log("ticked");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->plugin, "ticker");
  EXPECT_EQ(line->level, Level::kInfo);
  EXPECT_THAT(line->fields, ElementsAre(Pair("at", std::to_string(raw(TestClock::kStart + 1h)))));
  plugin.drain_stop_and_destroy();
  EXPECT_THAT(host.violations(), IsEmpty());
}

TEST(TestHost, ShowsTheHealthThatAFaultLeadsTo) {
  TestHost host;
  FakeEventStore store(host.clock());
  host.provide(store);
  auto plugin = host.load(kTicker, {{"action", "tick"}, {"interval", "1s"}});
  plugin.create_and_start();
  store.fail_appends(EVH_UNAVAILABLE, 1);
  ASSERT_TRUE(host.clock().wait_for_waiters(1));
  host.clock().advance(1s);
  ASSERT_TRUE(plugin.wait_for_health(Health::kDegraded));
  EXPECT_EQ(plugin.health_reason(), "an event could not be stored");
  ASSERT_TRUE(host.clock().wait_for_waiters(1));
  host.clock().advance(1s);
  EXPECT_TRUE(plugin.wait_for_health(Health::kHealthy));
}

TEST(TestHost, FindsFakesBeforePlugins) {
  TestHost host;
  const puppet fake{};
  auto first = host.load(kPuppet, {}, "first");
  auto second = host.load(kPuppet, {}, "second");
  first.create_and_start();
  second.create_and_start();
  host.provide(fake, "fake");
  const Host view(first.service<puppet>().host);
  EXPECT_EQ(view.find<puppet>(), &fake);
  const auto all = view.find_all<puppet>();
  ASSERT_THAT(all, SizeIs(2)) << "its own is not among them";
  EXPECT_EQ(all[0].instance, "fake");
  EXPECT_EQ(all[1].instance, "second");
  EXPECT_EQ(all[1].table, &second.service<puppet>());
  second.drain_stop_and_destroy();
  EXPECT_THAT(view.find_all<puppet>(), SizeIs(1));
}

TEST(TestHost, KeepsLogsFromTheLevelOn) {
  TestHost host;
  auto plugin = host.load(kPuppet);
  plugin.create_and_start();
  const Host view(plugin.service<puppet>().host);
  host.set_log_level(Level::kWarn);
  EXPECT_FALSE(view.logs(Level::kInfo));
  EXPECT_TRUE(view.logs(Level::kWarn));
  view.info("quiet");
  view.warn("loud");
  EXPECT_FALSE(host.wait_for_log("quiet", 0us));
  EXPECT_TRUE(host.wait_for_log("loud", 0us));
  EXPECT_THAT(host.logs(), SizeIs(1));
}

TEST(TestHost, KeepsShutdownRequests) {
  TestHost host;
  auto plugin = host.load(kPuppet);
  plugin.create_and_start();
  EXPECT_FALSE(host.wait_for_shutdown_request(0us));
  Host(plugin.service<puppet>().host).request_shutdown("enough");
  ASSERT_TRUE(host.wait_for_shutdown_request());
  EXPECT_EQ(host.shutdown_requests().front().plugin, "puppet");
  EXPECT_EQ(host.shutdown_requests().front().why, "enough");
}

TEST(TestHost, CancelsWaitsWhenDrainingBegins) {
  TestHost host;
  auto plugin = host.load(kPuppet);
  plugin.create_and_start();
  const Host view(plugin.service<puppet>().host);
  auto waits = std::async(std::launch::async, [&] { return view.wait_until(Time::max()); });
  ASSERT_TRUE(host.clock().wait_for_waiters(1));
  host.begin_draining();
  EXPECT_FALSE(waits.get());
  EXPECT_FALSE(view.wait_until(Time::min())) << "at once after that";
}

TEST(TestHost, GivesSettingsOfEachType) {
  TestHost host;
  auto plugin = host.load(kPuppet, {{"duration", "2m"}, {"list", std::vector<std::string>{"a, b", "c"}}});
  plugin.create_and_start();
  const Host view(plugin.service<puppet>().host);
  EXPECT_EQ(view.text("text"), "hello");
  EXPECT_EQ(view.text("choice"), "red");
  EXPECT_EQ(view.text("absent_text"), "");
  EXPECT_EQ(view.integer("integer"), 7);
  EXPECT_EQ(view.integer("absent_integer"), 0);
  EXPECT_EQ(view.number("number"), 0.5);
  EXPECT_TRUE(view.boolean("boolean"));
  EXPECT_EQ(view.duration("duration"), 2min);
  EXPECT_EQ(view.bytes("bytes"), 4096U);
  EXPECT_THAT(view.list("list"), ElementsAre("a, b", "c"));
  EXPECT_EQ(view.instance(), "puppet");
}

TEST(TestHost, EndsWhatIsLeftOfALife) {
  TestHost host;
  {
    auto plugin = host.load(kPuppet);
    plugin.create_and_start();
    auto moved = std::move(plugin);
    EXPECT_EQ(*moved.service<puppet>().starts, 1);
  }
  EXPECT_NO_THROW((void)host.load(kPuppet)) << "the id is free again";
  EXPECT_THAT(host.violations(), IsEmpty());
}

}  // namespace
}  // namespace evh::testkit
