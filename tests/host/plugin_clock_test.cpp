#include "plugin_clock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

namespace evh::host {
namespace {

TEST(PluginClock, WakesWhenTheTimeHasCome) {
  PluginClock clock;
  const evh_time until = PluginClock::now() + 20'000;
  EXPECT_EQ(clock.wait_until(until), EVH_OK);
  EXPECT_GE(PluginClock::now(), until);
}

TEST(PluginClock, DoesNotWaitForThePast) {
  PluginClock clock;
  EXPECT_EQ(clock.wait_until(PluginClock::now() - 1), EVH_OK);
  EXPECT_EQ(clock.wait_until(std::numeric_limits<evh_time>::min()), EVH_OK);
}

TEST(PluginClock, CancelsEveryWaitAndAllThatCome) {
  PluginClock clock;
  std::atomic<int> cancelled = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (clock.wait_until(std::numeric_limits<evh_time>::max()) == EVH_CANCELLED) ++cancelled;
    });
  }
  clock.cancel_waits();
  threads.clear();
  EXPECT_EQ(cancelled, 8);
  EXPECT_EQ(clock.wait_until(std::numeric_limits<evh_time>::max()), EVH_CANCELLED);
  EXPECT_EQ(clock.wait_until(0), EVH_CANCELLED);
}

}  // namespace
}  // namespace evh::host
