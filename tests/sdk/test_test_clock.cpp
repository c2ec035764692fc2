#include "evh/testkit/test_clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "evh/testkit/failures.h"

namespace evh::testkit {
namespace {

using namespace std::chrono_literals;

TEST(TestClock, BeginsAtTheStartOf2025) {
  const TestClock clock;
  EXPECT_EQ(raw(clock.now()), 1'735'689'600'000'000);
}

TEST(TestClock, StandsStillUntilItIsTurned) {
  TestClock clock;
  clock.advance(90min);
  EXPECT_EQ(clock.now(), TestClock::kStart + 90min);
  clock.set(std::chrono::sys_days{std::chrono::March / 1 / 2024});
  EXPECT_EQ(clock.now(), std::chrono::sys_days{std::chrono::March / 1 / 2024});
}

TEST(TestClock, EndsAWaitOnlyWhenItsTimeHasCome) {
  TestClock clock;
  auto reached = std::async(std::launch::async, [&] { return clock.wait_until(TestClock::kStart + 10s, {}); });
  ASSERT_TRUE(clock.wait_for_waiters(1));
  clock.advance(9s);
  EXPECT_EQ(clock.waiting(), 1U);
  EXPECT_EQ(clock.next_wakeup(), TestClock::kStart + 10s);
  clock.advance(1s);
  EXPECT_EQ(clock.waiting(), 0U);
  EXPECT_TRUE(reached.get());
}

TEST(TestClock, EndsAWaitThatWasDueEvenIfItIsTurnedBackAtOnce) {
  TestClock clock;
  auto reached = std::async(std::launch::async, [&] { return clock.wait_until(TestClock::kStart + 1s, {}); });
  ASSERT_TRUE(clock.wait_for_waiters(1));
  clock.advance(1s);
  clock.set(TestClock::kStart);
  EXPECT_TRUE(reached.get());
}

TEST(TestClock, DoesNotWaitForTheDueAndTheCancelled) {
  TestClock clock;
  EXPECT_TRUE(clock.wait_until(TestClock::kStart, {}));
  std::stop_source cancelled;
  cancelled.request_stop();
  EXPECT_FALSE(clock.wait_until(TestClock::kStart + 1s, cancelled.get_token()));
  EXPECT_FALSE(clock.wait_until(TestClock::kStart, cancelled.get_token()));
}

TEST(TestClock, EndsAWaitThatIsCancelled) {
  TestClock clock;
  std::stop_source cancelled;
  auto reached =
      std::async(std::launch::async, [&] { return clock.wait_until(TestClock::kStart + 10s, cancelled.get_token()); });
  ASSERT_TRUE(clock.wait_for_waiters(1));
  cancelled.request_stop();
  EXPECT_FALSE(reached.get());
}

TEST(TestClock, SaysWhenNobodyWaits) {
  const TestClock clock;
  EXPECT_EQ(clock.waiting(), 0U);
  EXPECT_FALSE(clock.wait_for_waiters(1, 1ms));
  EXPECT_EQ(clock.next_wakeup(), std::nullopt);
}

TEST(TestClock, RunsByItselfInRealTime) {
  TestClock clock;
  clock.use_real_time();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(clock.wait_until(clock.now() + 20ms, {}));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 15ms);
  EXPECT_GT(clock.now(), TestClock::kStart);
  EXPECT_THROW(clock.advance(1s), Misuse);
}

TEST(TestClock, CancelsInRealTimeTooHoweverFarTheWait) {
  TestClock clock;
  clock.use_real_time();
  std::stop_source cancelled;
  auto reached = std::async(std::launch::async, [&] { return clock.wait_until(Time::max(), cancelled.get_token()); });
  ASSERT_TRUE(clock.wait_for_waiters(1));
  cancelled.request_stop();
  EXPECT_FALSE(reached.get());
}

TEST(TestClock, TakesWaitsAlongIntoRealTime) {
  TestClock clock;
  auto reached = std::async(std::launch::async, [&] { return clock.wait_until(TestClock::kStart + 10s, {}); });
  ASSERT_TRUE(clock.wait_for_waiters(1));
  clock.use_real_time();
  EXPECT_TRUE(reached.get());
}

}  // namespace
}  // namespace evh::testkit
