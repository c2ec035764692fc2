#include "answerer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "appends.h"
#include "evh/testkit/patience.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testkit::eventually;

class AnswererTest : public testing::Test {
 protected:
  AnswererTest() {
    queue_.open();
    answerer_.start();
  }
  ~AnswererTest() override {
    answerer_.finish();
    EXPECT_TRUE(answerer_.wait_until_finished(Clock::now() + testkit::kPatience));
    answerer_.join();
  }

  void offer(const Append& append) {
    if (queue_.offer(append) == AppendQueue::Offer::kTakenAndDueFirst) answerer_.wake_by(append.deadline);
  }
  [[nodiscard]] bool wait_for(std::size_t ended) const {
    return eventually([&] { return appends_.ended().size() >= ended; });
  }

  Appends appends_;
  AppendQueue queue_{{1'000'000, 1U << 30U}};
  Answerer answerer_{queue_};
};

TEST_F(AnswererTest, AnswersBatchesInTheOrderTheyWereHandedOver) {
  std::vector<int> expected;
  for (int i = 0; i < 50; ++i) {
    Batch& batch = answerer_.free_batch();
    batch.appends.push_back(appends_.make());
    batch.add_stored(i + 1);
    expected.push_back(i);
    answerer_.hand_over(batch);
  }
  ASSERT_TRUE(wait_for(50));
  EXPECT_EQ(appends_.ended_numbers(), expected);
}

TEST_F(AnswererTest, AnswersWhatIsStillQueuedAfterItsWait) {
  offer(appends_.make(1, 1h));
  offer(appends_.make(1, 20ms));
  offer(appends_.make(1, 10ms));
  ASSERT_TRUE(wait_for(2));
  for (const Ended& end : appends_.ended()) EXPECT_EQ(end.code, EVH_TIMEOUT);
  EXPECT_EQ(queue_.backlog().appends, 1U);
}

TEST_F(AnswererTest, AnswersAWaitOfNothing) {
  offer(appends_.make(1, 0us));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(appends_.ended()[0].code, EVH_TIMEOUT);
}

TEST_F(AnswererTest, AnswersAnyNumberThatIsOverdueAtOnce) {
  constexpr std::size_t kMany = 5'000;
  for (std::size_t i = 0; i < kMany; ++i) queue_.offer(appends_.make(1, 0us));
  answerer_.wake_by(Clock::now());
  ASSERT_TRUE(wait_for(kMany));
  EXPECT_EQ(appends_.ended().size(), kMany);
  EXPECT_EQ(queue_.backlog().appends, 0U);
}

TEST_F(AnswererTest, AnswersAnOverdueCommitAsUnknownAndNotAgain) {
  Batch& batch = answerer_.free_batch();
  batch.appends.push_back(appends_.make(1, 10ms));
  batch.appends.push_back(appends_.make(1, 1h));
  batch.add_stored(1);
  batch.add_stored(2);
  answerer_.commit_begins(batch);
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(appends_.ended()[0].code, EVH_UNKNOWN_OUTCOME);
  answerer_.hand_over(batch);
  ASSERT_TRUE(wait_for(2));
  EXPECT_THAT(appends_.ended_numbers(), ElementsAre(0, 1));
  EXPECT_EQ(appends_.ended()[1].code, EVH_OK);
  EXPECT_THAT(appends_.ended()[1].ids, ElementsAre(2));
}

TEST_F(AnswererTest, AnswersAnyNumberOfOverdueCommits) {
  constexpr std::size_t kMany = 3'000;
  Batch& batch = answerer_.free_batch();
  for (std::size_t i = 0; i < kMany; ++i) batch.appends.push_back(appends_.make(1, 1ms));
  for (std::size_t i = 0; i < kMany; ++i) batch.add_stored(static_cast<std::int64_t>(i) + 1);
  answerer_.commit_begins(batch);
  ASSERT_TRUE(wait_for(kMany));
  answerer_.hand_over(batch);
  answerer_.finish();
  ASSERT_TRUE(answerer_.wait_until_finished(Clock::now() + testkit::kPatience));
  EXPECT_EQ(appends_.ended().size(), kMany);
  for (const Ended& end : appends_.ended()) ASSERT_EQ(end.code, EVH_UNKNOWN_OUTCOME);
}

TEST_F(AnswererTest, IsFinishedWhenAllIsAnswered) {
  EXPECT_FALSE(answerer_.wait_until_finished(Clock::now()));
  Batch& batch = answerer_.free_batch();
  batch.appends.push_back(appends_.make());
  batch.set_failed(EVH_UNAVAILABLE, "away");
  answerer_.hand_over(batch);
  answerer_.finish();
  EXPECT_TRUE(answerer_.wait_until_finished(Clock::now() + testkit::kPatience));
  EXPECT_EQ(appends_.ended().size(), 1U);
}

TEST_F(AnswererTest, BoundsWhatIsNotAnswered) {
  std::promise<void> may_return;
  std::shared_future<void> returns = may_return.get_future().share();
  const auto slow = [](void* ctx, const evh_error*, const std::int64_t*, const evh_code*, std::size_t) {
    static_cast<std::shared_future<void>*>(ctx)->wait();
  };
  const evh_new_event event{};
  for (int i = 0; i < 3; ++i) {
    Batch& batch = answerer_.free_batch();
    batch.appends.push_back(Append::make({&event, 1}, 1'000'000, slow, &returns));
    batch.add_stored(1);
    answerer_.hand_over(batch);
  }
  auto fourth = std::async(std::launch::async, [&] { return &answerer_.free_batch(); });
  EXPECT_EQ(fourth.wait_for(50ms), std::future_status::timeout);
  may_return.set_value();
  ASSERT_EQ(fourth.wait_for(testkit::kPatience), std::future_status::ready);
  answerer_.hand_over(*fourth.get());
}

}  // namespace
}  // namespace evh::sqlite_store::test
