// What the fake store does beyond the suite: faults to order, appends to hold.
#include "evh/testkit/fake_event_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "evh/testkit/append_call.h"
#include "evh/testkit/failures.h"
#include "evh/testkit/scan_call.h"

namespace evh::testkit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class FakeEventStoreTest : public testing::Test {
 protected:
  TestClock clock;
  std::deque<AppendCall> calls;  // they outlive the store
  FakeEventStore store{clock};

  AppendCall& begin(std::vector<NewEvent> events = {NewEvent{}}, Span max_wait = 1s) {
    AppendCall& call = calls.emplace_back(std::move(events));
    call.begin(store.table(), max_wait);
    return call;
  }
  evh_code append() { return begin().end().code; }
};

TEST_F(FakeEventStoreTest, IsDoneBeforeAppendReturns) {
  const AppendCall& call = begin();
  EXPECT_EQ(call.times_done(), 1U);
  EXPECT_TRUE(call.end().stored_all());
  EXPECT_EQ(store.appends(), 1U);
}

TEST_F(FakeEventStoreTest, ShowsItsEventsInTheOrderOfAScan) {
  clock.advance(1h);
  begin({{1, "second", "{}", 0}, {2, "first", R"({"a":1})", 5}});
  ASSERT_TRUE(store.wait_for_events(2));
  EXPECT_THAT(store.events(), ElementsAre(StoredEvent{2, 2, "first", R"({"a":1})", 5},
                                          StoredEvent{1, 1, "second", "{}", raw(TestClock::kStart + 1h)}));
  EXPECT_FALSE(store.wait_for_events(3, 0us));
}

TEST_F(FakeEventStoreTest, TakesEventsFromTheTest) {
  EXPECT_EQ(store.add(1, "act", "{}", TestClock::kStart), 1);
  store.add(StoredEvent{10, 2, "act", "{}", 5});
  EXPECT_EQ(store.add(3, "act", "{}", TestClock::kStart), 11);
  EXPECT_THROW(store.add(StoredEvent{10, 2, "act", "{}", 6}), Misuse);
  EXPECT_TRUE(store.erase(10));
  EXPECT_FALSE(store.erase(10));
  EXPECT_THAT(store.events(), SizeIs(2));
}

TEST_F(FakeEventStoreTest, HoldsAppendsUntilTheyAreReleased) {
  store.hold();
  const AppendCall& first = begin();
  const AppendCall& second = begin();
  ASSERT_TRUE(store.wait_for_held(2));
  EXPECT_EQ(first.times_done(), 0U);
  EXPECT_THAT(store.events(), IsEmpty());
  store.release();
  ASSERT_TRUE(first.wait() && second.wait());
  EXPECT_LT(first.end().ids.front(), second.end().ids.front()) << "in their order";
  EXPECT_EQ(store.held(), 0U);
  EXPECT_EQ(append(), EVH_OK) << "and holds no more";
}

TEST_F(FakeEventStoreTest, AnswersWhatWasHeldOnAThreadOfItsOwn) {
  std::promise<std::thread::id> answering;
  store.hold();
  AppendCall& call =
      calls.emplace_back(std::vector{NewEvent{}}, [&] { answering.set_value(std::this_thread::get_id()); });
  call.begin(store.table());
  store.release();
  EXPECT_NE(answering.get_future().get(), std::this_thread::get_id());
}

TEST_F(FakeEventStoreTest, TimesOutWhatWasHeldForTooLong) {
  store.hold();
  const AppendCall& brief = begin({NewEvent{}}, 10ms);
  const AppendCall& patient = begin({NewEvent{}}, 1h);
  clock.advance(1min);
  store.expire_held();
  ASSERT_TRUE(brief.wait());
  EXPECT_EQ(brief.end().code, EVH_TIMEOUT);
  EXPECT_EQ(store.held(), 1U);
  const AppendCall& late = begin({NewEvent{}}, 10ms);
  clock.advance(1min);
  store.release();
  ASSERT_TRUE(late.wait() && patient.wait());
  EXPECT_EQ(late.end().code, EVH_TIMEOUT);
  EXPECT_EQ(patient.end().code, EVH_OK);
  EXPECT_THAT(store.events(), SizeIs(1));
}

TEST_F(FakeEventStoreTest, WaitsThatAreLongEnoughNeverEnd) {
  store.hold();
  const AppendCall& call = begin({NewEvent{}}, Span::max());
  clock.advance(24h * 365);
  store.expire_held();
  EXPECT_EQ(store.held(), 1U);
  EXPECT_EQ(call.times_done(), 0U);
}

TEST(FakeEventStoreAtItsEnd, AnswersWhatIsStillHeld) {
  TestClock clock;
  AppendCall call({NewEvent{}});
  {
    FakeEventStore store(clock);
    store.hold();
    call.begin(store.table());
  }
  EXPECT_EQ(call.times_done(), 1U);
  EXPECT_EQ(call.end().code, EVH_UNAVAILABLE);
}

TEST_F(FakeEventStoreTest, FailsAsManyAppendsAsOrdered) {
  store.fail_appends(EVH_UNAVAILABLE, 2);
  EXPECT_EQ(append(), EVH_UNAVAILABLE);
  EXPECT_EQ(append(), EVH_UNAVAILABLE);
  EXPECT_EQ(append(), EVH_OK);
  store.fail_appends(EVH_INTERNAL);
  for (int count = 0; count < 5; ++count) EXPECT_EQ(append(), EVH_INTERNAL);
  store.heal();
  EXPECT_EQ(append(), EVH_OK);
  EXPECT_THAT(store.events(), SizeIs(2));
}

TEST_F(FakeEventStoreTest, FailsHeldAppendsWhenTheyAreReleased) {
  store.hold();
  const AppendCall& call = begin();
  store.fail_appends(EVH_UNAVAILABLE, 1);
  EXPECT_EQ(call.times_done(), 0U);
  store.release();
  ASSERT_TRUE(call.wait());
  EXPECT_EQ(call.end().code, EVH_UNAVAILABLE);
}

TEST_F(FakeEventStoreTest, IsOverloadedAtOnceAlsoWhileItHolds) {
  store.hold();
  const AppendCall& held = begin();
  store.fail_appends(EVH_OVERLOADED, 1);
  EXPECT_EQ(append(), EVH_OVERLOADED);
  const AppendCall& next = begin();
  EXPECT_EQ(store.held(), 2U);
  store.release();
  ASSERT_TRUE(held.wait() && next.wait());
  EXPECT_TRUE(held.end().stored_all() && next.end().stored_all());
}

TEST_F(FakeEventStoreTest, StoresWhatItLosesTheAnswerOf) {
  store.lose_answers(1);
  EXPECT_EQ(append(), EVH_UNKNOWN_OUTCOME);
  EXPECT_THAT(store.events(), SizeIs(1));
  EXPECT_EQ(append(), EVH_OK);
}

TEST_F(FakeEventStoreTest, RefusesTheEventsThatTheTestChooses) {
  store.refuse([](const evh_new_event& event) { return event.user_id == 2; });
  const AppendEnd some = begin({{1}, {2}, {3}}).end();
  EXPECT_EQ(some.code, EVH_OK);
  EXPECT_THAT(some.each, ElementsAre(EVH_OK, EVH_INVALID, EVH_OK));
  EXPECT_THAT(some.ids, ElementsAre(1, 0, 2));
  EXPECT_EQ(some.message, "event 1: the test refuses this event");
  EXPECT_EQ(begin({{2}}).end().code, EVH_INVALID);
  EXPECT_THAT(store.events(), SizeIs(2));
}

TEST_F(FakeEventStoreTest, RefusesWhatTheContractDoesNotAllow) {
  for (const NewEvent& event : std::vector<NewEvent>{{0},
                                                     {-1},
                                                     {1, ""},
                                                     {1, std::string("a\0b", 3)},
                                                     {1, "\xFF"},
                                                     {1, "a", "[]"},
                                                     {1, "a", "{\"a\":\"\xFF\"}"}}) {
    EXPECT_EQ(begin({event}).end().code, EVH_INVALID) << event.user_id << ' ' << event.action << ' ' << event.metadata;
  }
  EXPECT_THAT(store.events(), IsEmpty());
}

TEST_F(FakeEventStoreTest, FailsScansAfterSoManyEvents) {
  for (int count = 0; count < 10; ++count) EXPECT_EQ(append(), EVH_OK);
  store.set_block_size(4);
  store.fail_scans(EVH_UNAVAILABLE, 6);
  const ScanEnd end = scan(store.table());
  EXPECT_EQ(end.code, EVH_UNAVAILABLE);
  EXPECT_THAT(end.blocks, ElementsAre(4, 2));
  store.fail_scans(EVH_OVERLOADED);
  EXPECT_THAT(scan(store.table()).blocks, IsEmpty());
  EXPECT_EQ(scan(store.table()).code, EVH_OVERLOADED);
  store.heal();
  EXPECT_THAT(scan(store.table()).events, SizeIs(10));
  EXPECT_EQ(store.scans(), 4U);
}

TEST_F(FakeEventStoreTest, HandsBlocksOfTheSizeThatIsSet) {
  for (int count = 0; count < 5; ++count) EXPECT_EQ(append(), EVH_OK);
  store.set_block_size(2);
  EXPECT_THAT(scan(store.table()).blocks, ElementsAre(2, 2, 1));
  EXPECT_THROW(store.set_block_size(0), Misuse);
}

TEST_F(FakeEventStoreTest, TakesNothingWhenClosed) {
  store.hold();
  const AppendCall& held = begin();
  store.close();
  EXPECT_EQ(append(), EVH_UNAVAILABLE);
  store.release();
  ASSERT_TRUE(held.wait());
  EXPECT_EQ(held.end().code, EVH_OK) << "what was taken is finished";
}

}  // namespace
}  // namespace evh::testkit
