#include "event_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "database_file.h"
#include "database_view.h"
#include "evh/testkit/patience.h"
#include "evh/testkit/temp_folder.h"
#include "reader_pool.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

class EventReaderTest : public testing::Test {
 protected:
  EventReaderTest() { prepare_database(file_); }

  static bool nobody_cancels() { return false; }
  static evh_code code_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.code();
    }
    return EVH_OK;
  }

  const testkit::TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "events.db";
};

// However many events there are, a page costs what is in it: no sorting, no walk over what was read before.
TEST_F(EventReaderTest, WalksAlongAnIndexWithoutSorting) {
  const DatabaseView view(file_);
  for (const bool of_one_user : {false, true}) {
    for (const bool is_descending : {false, true}) {
      const EventReader::Sql sql = EventReader::sql(of_one_user, is_descending);
      for (const char* statement : {sql.same_time, sql.later}) {
        const std::vector<std::string> plan = view.column(std::string("EXPLAIN QUERY PLAN ") + statement, 3);
        ASSERT_FALSE(plan.empty());
        EXPECT_THAT(plan, Each(Not(HasSubstr("SCAN")))) << statement;
        EXPECT_THAT(plan, Each(Not(HasSubstr("TEMP B-TREE")))) << statement;
        EXPECT_THAT(plan[0], HasSubstr(of_one_user ? "events_by_user" : "events_by_time")) << statement;
      }
    }
  }
}

TEST_F(EventReaderTest, PoolRefusesWhenEveryReaderStaysBusy) {
  ReaderPool pool(file_, 2);
  pool.open();
  const auto first = pool.borrow(Clock::now(), nobody_cancels);
  const auto second = pool.borrow(Clock::now(), nobody_cancels);
  const auto began = Clock::now();
  EXPECT_EQ(code_of([&] { static_cast<void>(pool.borrow(began + 50ms, nobody_cancels)); }), EVH_OVERLOADED);
  EXPECT_GE(Clock::now() - began, 50ms);
}

TEST_F(EventReaderTest, PoolLendsAReaderThatComesBack) {
  ReaderPool pool(file_, 1);
  pool.open();
  std::future<evh_code> waiting;
  {
    const auto first = pool.borrow(Clock::now(), nobody_cancels);
    waiting = std::async(std::launch::async, [&] {
      return code_of([&] { static_cast<void>(pool.borrow(Clock::now() + testkit::kPatience, nobody_cancels)); });
    });
    EXPECT_EQ(waiting.wait_for(20ms), std::future_status::timeout);
  }
  EXPECT_EQ(waiting.get(), EVH_OK);
}

TEST_F(EventReaderTest, PoolAsksWhetherAWaitIsCancelled) {
  ReaderPool pool(file_, 1);
  pool.open();
  const auto first = pool.borrow(Clock::now(), nobody_cancels);
  int asked = 0;
  EXPECT_EQ(
      code_of([&] { static_cast<void>(pool.borrow(Clock::now() + testkit::kPatience, [&] { return ++asked == 2; })); }),
      EVH_CANCELLED);
}

TEST_F(EventReaderTest, PoolThatClosesWaitsForItsReadersAndLendsNoMore) {
  ReaderPool pool(file_, 1);
  pool.open();
  std::future<void> closing;
  std::future<evh_code> waiting;
  {
    const auto first = pool.borrow(Clock::now(), nobody_cancels);
    waiting = std::async(std::launch::async, [&] {
      return code_of([&] { static_cast<void>(pool.borrow(Clock::now() + testkit::kPatience, nobody_cancels)); });
    });
    closing = std::async(std::launch::async, [&] { pool.close(); });
    EXPECT_EQ(waiting.get(), EVH_UNAVAILABLE);
    EXPECT_EQ(closing.wait_for(20ms), std::future_status::timeout);
  }
  closing.get();
  EXPECT_EQ(code_of([&] { static_cast<void>(pool.borrow(Clock::now(), nobody_cancels)); }), EVH_UNAVAILABLE);
}

TEST_F(EventReaderTest, PoolThatCannotOpenAReaderLosesNone) {
  ReaderPool pool(file_, 1);
  pool.open();
  const auto moved = folder_.path() / "moved.db";
  std::filesystem::rename(file_, moved);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(code_of([&] { static_cast<void>(pool.borrow(Clock::now(), nobody_cancels)); }), EVH_UNAVAILABLE);
  }
  std::filesystem::rename(moved, file_);
  EXPECT_EQ(code_of([&] { static_cast<void>(pool.borrow(Clock::now(), nobody_cancels)); }), EVH_OK);
}

}  // namespace
}  // namespace evh::sqlite_store::test
