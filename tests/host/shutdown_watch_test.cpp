// How the budget of a shutdown is shared out. What happens when it is over is tested with the program, in
// shutdown_budget_test.cpp.
#include "shutdown_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include "harness/file_descriptor.h"
#include "harness/patience.h"

namespace evh::host {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using system_test::FileDescriptor;

class ShutdownWatchTest : public testing::Test {
 protected:
  static FileDescriptor nowhere() { return FileDescriptor(::open("/dev/null", O_WRONLY | O_CLOEXEC)); }

  const FileDescriptor nowhere_ = nowhere();
  Log log_{nowhere_.get(), EVH_LOG_INFO, Secrets()};
  ShutdownRequest shutdown_;
};

constexpr microseconds kHour = 1h;

TEST_F(ShutdownWatchTest, GivesNearlyAllToTheFirstAndKeepsAPartForEachLater) {
  ShutdownWatch watch(log_, shutdown_, kHour);
  watch.serve();
  watch.begin_shutdown(4);
  // A sixteenth of the budget, a quarter of an equal share, is kept for each of the three that follow.
  const microseconds first = watch.begin("a", "drain");
  EXPECT_LE(first, kHour * 13 / 16);
  EXPECT_GT(first, kHour * 13 / 16 - 1min);
  watch.end();
  // Hardly any time has passed, so the next one may have even more.
  const microseconds second = watch.begin("b", "drain");
  EXPECT_LE(second, kHour * 14 / 16);
  EXPECT_GT(second, kHour * 14 / 16 - 1min);
  watch.end();
  watch.begin("c", "stop");
  watch.end();
  EXPECT_GT(watch.begin("d", "stop"), kHour - 1min);
  watch.end();
}

TEST_F(ShutdownWatchTest, ServesCallsThatItWasNotToldOf) {
  ShutdownWatch watch(log_, shutdown_, kHour);
  watch.begin_shutdown(0);
  EXPECT_GT(watch.begin("a", "drain"), 0us);
  watch.end();
}

TEST_F(ShutdownWatchTest, TellsHowLongACallTook) {
  ShutdownWatch watch(log_, shutdown_, kHour);
  watch.begin("a", "start");
  const auto begin = ShutdownWatch::Clock::now();
  while (ShutdownWatch::Clock::now() - begin < 2ms) std::this_thread::yield();
  EXPECT_GE(watch.end(), 2ms);
}

TEST_F(ShutdownWatchTest, BeginsTheBudgetWithARequestWhilePluginsStart) {
  ShutdownWatch watch(log_, shutdown_, kHour);
  watch.begin("a", "start");
  EXPECT_EQ(watch.left(), kHour);
  shutdown_.make("SIGTERM");
  EXPECT_TRUE(system_test::eventually([&] { return watch.left() < kHour; }));
  watch.end();
  // It goes on where it is.
  const microseconds left = watch.left();
  watch.begin_shutdown(1);
  EXPECT_LE(watch.left(), left);
}

TEST_F(ShutdownWatchTest, SeesARequestThatWasMadeBefore) {
  shutdown_.make("SIGTERM");
  ShutdownWatch watch(log_, shutdown_, kHour);
  EXPECT_TRUE(system_test::eventually([&] { return watch.left() < kHour; }));
}

TEST_F(ShutdownWatchTest, DoesNotBeginTheBudgetWithARequestOnceAllHaveStarted) {
  ShutdownWatch watch(log_, shutdown_, kHour);
  watch.serve();
  shutdown_.make("SIGTERM");
  EXPECT_EQ(watch.left(), kHour);
  watch.begin_shutdown(1);
  EXPECT_TRUE(system_test::eventually([&] { return watch.left() < kHour; }));
}

TEST_F(ShutdownWatchTest, IsForgottenByTheRequestWhenItIsGone) {
  { const ShutdownWatch watch(log_, shutdown_, kHour); }
  shutdown_.make("SIGTERM");
}

TEST(ShutdownRequest, IsMadeOnceAndWakesWhoeverWaits) {
  ShutdownRequest request;
  std::atomic<int> calls = 0;
  request.listen([&] { ++calls; });
  std::string why;
  std::jthread waiter([&] { why = request.wait(); });
  EXPECT_FALSE(request.is_made());
  request.make(std::string(2000, 'x'));
  request.make("another reason");
  waiter.join();
  EXPECT_TRUE(request.is_made());
  EXPECT_EQ(why, std::string(1000, 'x'));
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace evh::host
