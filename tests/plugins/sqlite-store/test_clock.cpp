// The stamps of events without a time of their own.
#include <chrono>

#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testkit::LoadedPlugin;
using testkit::TestClock;

using Stamps = StoreTest;

TEST_F(Stamps, AreOfTheHostsClock) {
  const LoadedPlugin plugin = start();
  host_.clock().advance(90min);
  EXPECT_THAT(append(plugin, "event"), IsStored());
  const auto events = testkit::scan(store_of(plugin)).events;
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].created_at, raw(TestClock::kStart + 90min));
}

TEST_F(Stamps, StandStillWhenTheClockGoesBackALittle) {
  const LoadedPlugin plugin = start();
  host_.clock().advance(1h);
  ASSERT_THAT(append(plugin, "first"), IsStored());
  host_.clock().advance(-500ms);
  ASSERT_THAT(append(plugin, "second"), IsStored());
  host_.clock().advance(600ms);
  ASSERT_THAT(append(plugin, "third"), IsStored());
  const auto events = testkit::scan(store_of(plugin)).events;
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].created_at, raw(TestClock::kStart + 1h));
  EXPECT_EQ(events[1].created_at, raw(TestClock::kStart + 1h));
  EXPECT_EQ(events[2].created_at, raw(TestClock::kStart + 1h + 100ms));
}

TEST_F(Stamps, FollowAClockThatWasFarAheadAndIsPutRight) {
  const LoadedPlugin plugin = start();
  host_.clock().advance(24h * 365);
  ASSERT_THAT(append(plugin, "in the future"), IsStored());
  host_.clock().set(TestClock::kStart);
  ASSERT_THAT(append(plugin, "now"), IsStored());
  const auto events = testkit::scan(store_of(plugin)).events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].action, "now");
  EXPECT_EQ(events[0].created_at, raw(TestClock::kStart));
}

}  // namespace
}  // namespace evh::sqlite_store::test
