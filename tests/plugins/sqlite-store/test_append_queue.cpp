#include "append_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "appends.h"
#include "evh/testkit/patience.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Offer = AppendQueue::Offer;
using Wake = AppendQueue::Wake;

constexpr AppendQueue::Bounds kWide{1'000'000, 1U << 30U};

class AppendQueueTest : public testing::Test {
 protected:
  AppendQueueTest() { queue_.open(); }

  std::vector<int> take(AppendQueue::Bounds bounds, AppendQueue& queue) {
    std::vector<Append> taken;
    queue.take(taken, bounds);
    return numbers_of(taken);
  }
  std::vector<int> take(AppendQueue::Bounds bounds = kWide) { return take(bounds, queue_); }

  Appends appends_;
  AppendQueue queue_{kWide};
};

TEST_F(AppendQueueTest, IsClosedUntilItIsOpened) {
  AppendQueue queue(kWide);
  EXPECT_EQ(queue.offer(appends_.make()), Offer::kClosed);
  queue.open();
  EXPECT_NE(queue.offer(appends_.make()), Offer::kClosed);
}

TEST_F(AppendQueueTest, KeepsTheOrder) {
  for (int i = 0; i < 5; ++i) queue_.offer(appends_.make());
  EXPECT_THAT(take(), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(AppendQueueTest, RefusesEventsPastItsBound) {
  AppendQueue queue({.events = 5, .bytes = 1U << 20U});
  queue.open();
  EXPECT_EQ(queue.offer(appends_.make(6)), Offer::kTooLarge);
  EXPECT_EQ(queue.offer(appends_.make(3)), Offer::kTakenAndDueFirst);
  EXPECT_EQ(queue.offer(appends_.make(3)), Offer::kFull);
  EXPECT_NE(queue.offer(appends_.make(2)), Offer::kFull) << "up to the bound";
  EXPECT_EQ(queue.offer(appends_.make(1)), Offer::kFull);
  EXPECT_THAT(take(kWide, queue), ElementsAre(1, 3));
  EXPECT_NE(queue.offer(appends_.make(5)), Offer::kFull) << "what was taken does not count";
}

TEST_F(AppendQueueTest, RefusesBytesPastItsBound) {
  const std::size_t bytes = appends_.make(1, 1h, 1'000).bytes;
  EXPECT_GE(bytes, 1'000U);
  AppendQueue queue({.events = 100, .bytes = 2 * bytes});
  queue.open();
  EXPECT_EQ(queue.offer(appends_.make(1, 1h, 3'000)), Offer::kTooLarge);
  EXPECT_NE(queue.offer(appends_.make(1, 1h, 1'000)), Offer::kFull);
  EXPECT_NE(queue.offer(appends_.make(1, 1h, 1'000)), Offer::kFull);
  EXPECT_EQ(queue.offer(appends_.make(1, 1h, 0)), Offer::kFull);
}

TEST_F(AppendQueueTest, GivesWholeAppendsWithinTheBoundsOfABatch) {
  for (const std::size_t events : {2U, 2U, 3U, 1U}) queue_.offer(appends_.make(events));
  EXPECT_THAT(take({.events = 4, .bytes = 1U << 20U}), ElementsAre(0, 1));
  EXPECT_EQ(queue_.backlog().events, 4U);
  EXPECT_THAT(take({.events = 4, .bytes = 1U << 20U}), ElementsAre(2, 3));
  EXPECT_EQ(queue_.backlog().appends, 0U);
  EXPECT_EQ(queue_.backlog().bytes, 0U);
}

TEST_F(AppendQueueTest, GivesAtLeastOneHoweverLargeItIs) {
  queue_.offer(appends_.make(50, 1h, 10'000));
  queue_.offer(appends_.make());
  EXPECT_THAT(take({.events = 1, .bytes = 1}), ElementsAre(0));
  EXPECT_THAT(take({.events = 1, .bytes = 1}), ElementsAre(1));
}

TEST_F(AppendQueueTest, CountsRightWhateverIsTakenAndAdded) {
  int next = 0;
  int added = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < round % 7; ++i, ++added) queue_.offer(appends_.make());
    for (const int number : take({.events = static_cast<std::size_t>(1 + round % 5), .bytes = 1U << 20U})) {
      ASSERT_EQ(number, next++);
    }
    ASSERT_EQ(queue_.backlog().appends, static_cast<std::size_t>(added - next));
    ASSERT_EQ(queue_.backlog().events, static_cast<std::size_t>(added - next));
  }
}

TEST_F(AppendQueueTest, ExpiresThoseWhoseWaitIsOverAndNoOthers) {
  queue_.offer(appends_.make(1, 1h));
  queue_.offer(appends_.make(2, 0us));
  queue_.offer(appends_.make(1, 2h));
  queue_.offer(appends_.make(3, 0us));
  std::vector<Append> expired;
  expired.reserve(10);
  const Clock::time_point now = Clock::now();
  const Clock::time_point next = queue_.expire(now, expired);
  EXPECT_THAT(numbers_of(expired), ElementsAre(1, 3));
  EXPECT_GT(next, now + 59min);
  EXPECT_LE(next, now + 1h);
  EXPECT_EQ(queue_.backlog().events, 2U);
  EXPECT_THAT(take(), ElementsAre(0, 2));
}

TEST_F(AppendQueueTest, ExpiresInStepsOfWhatThereIsRoomFor) {
  for (int i = 0; i < 5; ++i) queue_.offer(appends_.make(1, 0us));
  std::vector<Append> expired;
  expired.reserve(2);
  ASSERT_EQ(expired.capacity(), 2U);
  const Clock::time_point now = Clock::now();
  EXPECT_LE(queue_.expire(now, expired), now) << "at once again";
  EXPECT_THAT(numbers_of(expired), ElementsAre(0, 1));
  expired.clear();
  EXPECT_LE(queue_.expire(now, expired), now);
  expired.clear();
  EXPECT_EQ(queue_.expire(now, expired), Clock::time_point::max());
  EXPECT_THAT(numbers_of(expired), ElementsAre(4));
}

TEST_F(AppendQueueTest, ExpiresAfterSomeWereTaken) {
  for (const auto wait : {0us, 1us, 0us, 0us, 0us}) queue_.offer(appends_.make(1, wait));
  EXPECT_THAT(take({.events = 1, .bytes = 1U << 20U}), ElementsAre(0));
  std::vector<Append> expired;
  expired.reserve(10);
  queue_.expire(Clock::now() + 1s, expired);
  EXPECT_THAT(numbers_of(expired), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(queue_.backlog().events, 0U);
  EXPECT_EQ(queue_.wait(Clock::now()), Wake::kTime);
}

TEST_F(AppendQueueTest, IsNotAskedAboutDeadlinesMoreOftenThanIsCheap) {
  for (int i = 1; i < 4; ++i) queue_.offer(appends_.make(1, 1h));
  const Clock::time_point now = Clock::now() + 1h - 100us;
  std::vector<Append> expired;
  expired.reserve(10);
  EXPECT_GE(queue_.expire(now, expired), now + 1ms);
}

TEST_F(AppendQueueTest, TellsWhenAnAppendIsDueBeforeAllOthers) {
  EXPECT_EQ(queue_.offer(appends_.make(1, 1h)), Offer::kTakenAndDueFirst);
  EXPECT_EQ(queue_.offer(appends_.make(1, 2h)), Offer::kTaken);
  EXPECT_EQ(queue_.offer(appends_.make(1, 1min)), Offer::kTakenAndDueFirst);
}

TEST_F(AppendQueueTest, WakesTheWriterForWorkForTimeAndForTheEnd) {
  EXPECT_EQ(queue_.wait(Clock::now()), Wake::kTime);
  auto work = std::async(std::launch::async, [&] { return queue_.wait(Clock::time_point::max()); });
  queue_.offer(appends_.make());
  EXPECT_EQ(work.get(), Wake::kWork);
  take();
  auto end = std::async(std::launch::async, [&] { return queue_.wait(Clock::time_point::max()); });
  queue_.close();
  EXPECT_EQ(end.get(), Wake::kClosed);
}

TEST_F(AppendQueueTest, HasWorkAfterItWasClosedUntilItIsEmpty) {
  queue_.offer(appends_.make());
  queue_.close();
  EXPECT_EQ(queue_.offer(appends_.make()), Offer::kClosed);
  EXPECT_EQ(queue_.wait(Clock::time_point::max()), Wake::kWork);
  take();
  EXPECT_EQ(queue_.wait(Clock::time_point::max()), Wake::kClosed);
}

TEST_F(AppendQueueTest, EndsAPauseWhenItIsClosed) {
  auto pause = std::async(std::launch::async, [&] { queue_.pause(Clock::now() + 1h); });
  queue_.close();
  EXPECT_EQ(pause.wait_for(testkit::kPatience), std::future_status::ready);
}

TEST_F(AppendQueueTest, GivesUpAllThatIsLeft) {
  for (int i = 0; i < 5; ++i) queue_.offer(appends_.make());
  take({.events = 2, .bytes = 1U << 20U});
  EXPECT_THAT(numbers_of(queue_.take_all()), ElementsAre(2, 3, 4));
  EXPECT_EQ(queue_.backlog().events, 0U);
  EXPECT_THAT(queue_.take_all(), IsEmpty());
  queue_.offer(appends_.make());
  EXPECT_THAT(take(), ElementsAre(5));
}

TEST_F(AppendQueueTest, LosesAndDoublesNothingBetweenThreads) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 2'000;
  AppendQueue queue({.events = 64, .bytes = 1U << 20U});
  queue.open();
  std::vector<Appends> made(kThreads);
  std::vector<std::jthread> threads;
  for (Appends& mine : made) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < kEach; ++i) {
        const Append append = mine.make(1, i % 3 == 0 ? 0us : std::chrono::microseconds(1h));
        while (queue.offer(append) == Offer::kFull) std::this_thread::yield();
      }
    });
  }
  std::size_t seen = 0;
  std::vector<Append> out;
  out.reserve(16);
  while (seen < kThreads * kEach) {
    ASSERT_EQ(queue.wait(Clock::now() + testkit::kPatience), Wake::kWork);
    out.clear();
    queue.expire(Clock::now(), out);
    seen += out.size();
    out.clear();
    queue.take(out, {.events = 16, .bytes = 1U << 20U});
    seen += out.size();
    out.reserve(16);
  }
  threads.clear();
  EXPECT_EQ(seen, kThreads * kEach);
  EXPECT_EQ(queue.backlog().appends, 0U);
}

}  // namespace
}  // namespace evh::sqlite_store::test
