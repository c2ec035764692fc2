#include "batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "appends.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class BatchTest : public testing::Test {
 protected:
  void add(std::size_t events) { batch_.appends.push_back(appends_.make(events)); }

  Appends appends_;
  Batch batch_;
};

TEST_F(BatchTest, AnswersEveryAppendWithItsOwnIds) {
  add(2);
  add(1);
  for (const std::int64_t id : {7, 8, 9}) batch_.add_stored(id);
  batch_.answer();
  const auto ended = appends_.ended();
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].code, EVH_OK);
  EXPECT_THAT(ended[0].ids, ElementsAre(7, 8));
  EXPECT_THAT(ended[0].each, IsEmpty());
  EXPECT_THAT(ended[1].ids, ElementsAre(9));
}

TEST_F(BatchTest, TellsAnAppendWhichOfItsEventsWereRefused) {
  add(2);
  add(3);
  add(1);
  batch_.add_stored(1);
  batch_.add_stored(2);
  batch_.add_refused("the first reason");
  batch_.add_stored(3);
  batch_.add_refused("another reason");
  batch_.add_stored(4);
  batch_.answer();
  const auto ended = appends_.ended();
  ASSERT_EQ(ended.size(), 3U);
  EXPECT_THAT(ended[0].each, IsEmpty());
  EXPECT_EQ(ended[1].code, EVH_OK);
  EXPECT_THAT(ended[1].each, ElementsAre(EVH_INVALID, EVH_OK, EVH_INVALID));
  EXPECT_THAT(ended[1].ids, ElementsAre(0, 3, 0));
  EXPECT_EQ(ended[1].message, "the first reason");
  EXPECT_THAT(ended[2].each, IsEmpty());
  EXPECT_THAT(ended[2].ids, ElementsAre(4));
}

TEST_F(BatchTest, FailsAnAppendWhoseEventsWereAllRefused) {
  add(1);
  add(2);
  batch_.add_stored(1);
  batch_.add_refused("one");
  batch_.add_refused("two");
  batch_.answer();
  const auto ended = appends_.ended();
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].code, EVH_OK);
  EXPECT_EQ(ended[1].code, EVH_INVALID);
  EXPECT_EQ(ended[1].message, "one");
  EXPECT_THAT(ended[1].ids, IsEmpty());
}

TEST_F(BatchTest, FailsAsAWholeWhateverWasAdded) {
  add(2);
  add(1);
  batch_.add_stored(1);
  batch_.add_refused("a reason");
  batch_.set_failed(EVH_UNAVAILABLE, "the disk is full");
  batch_.answer();
  for (const Ended& end : appends_.ended()) {
    EXPECT_EQ(end.code, EVH_UNAVAILABLE);
    EXPECT_EQ(end.message, "the disk is full");
    EXPECT_THAT(end.ids, IsEmpty());
  }
  EXPECT_EQ(appends_.ended().size(), 2U);
}

TEST_F(BatchTest, ForgetsWhatItAnswered) {
  add(1);
  batch_.set_failed(EVH_UNAVAILABLE, "the disk is full");
  batch_.answer();
  batch_.answer();
  EXPECT_EQ(appends_.ended().size(), 1U);
  add(1);
  batch_.add_stored(5);
  batch_.answer();
  EXPECT_EQ(appends_.ended().back().code, EVH_OK);
  EXPECT_THAT(appends_.ended().back().ids, ElementsAre(5));
}

TEST_F(BatchTest, SkipsWhatWasAnsweredBefore) {
  add(1);
  add(1);
  add(1);
  batch_.appends[1].done = nullptr;
  for (const std::int64_t id : {1, 2, 3}) batch_.add_stored(id);
  batch_.answer();
  ASSERT_THAT(appends_.ended_numbers(), ElementsAre(0, 2));
  EXPECT_THAT(appends_.ended()[1].ids, ElementsAre(3));
}

TEST_F(BatchTest, DropsWhatIsOverdue) {
  add(1);
  batch_.appends.push_back(appends_.make(1, 0us));
  add(1);
  batch_.drop_overdue(Clock::now());
  ASSERT_THAT(appends_.ended_numbers(), ElementsAre(1));
  EXPECT_EQ(appends_.ended()[0].code, EVH_TIMEOUT);
  EXPECT_THAT(numbers_of(batch_.appends), ElementsAre(0, 2));
}

TEST_F(BatchTest, KnowsItsFirstStoredEvent) {
  EXPECT_EQ(batch_.first_stored(), 0);
  batch_.add_refused("a reason");
  EXPECT_EQ(batch_.first_stored(), 0);
  batch_.add_stored(42);
  batch_.add_stored(43);
  EXPECT_EQ(batch_.first_stored(), 42);
}

}  // namespace
}  // namespace evh::sqlite_store::test
