#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "byte_budget.h"

namespace evh::http_api {
namespace {

TEST(ByteBudget, GivesWhatItHasAndNoMore) {
  ByteBudget budget(100);
  EXPECT_TRUE(budget.try_take(60));
  EXPECT_FALSE(budget.try_take(41)) << "nothing was taken for that";
  EXPECT_TRUE(budget.try_take(40));
  EXPECT_FALSE(budget.try_take(1));
  EXPECT_TRUE(budget.try_take(0));
  budget.give_back(100);
  EXPECT_TRUE(budget.try_take(100));
}

TEST(ByteBudget, IsNeverOverdrawnByManyThreads) {
  constexpr std::size_t kTotal = 10;
  constexpr int kRounds = 20'000;
  ByteBudget budget(kTotal);
  std::atomic<std::size_t> taken = 0;
  std::atomic<bool> overdrawn = false;
  {
    std::vector<std::jthread> threads;
    for (std::size_t bytes = 1; bytes <= 4; ++bytes) {
      threads.emplace_back([&, bytes] {
        for (int i = 0; i < kRounds; ++i) {
          if (!budget.try_take(bytes)) continue;
          if (taken.fetch_add(bytes) + bytes > kTotal) overdrawn = true;
          taken.fetch_sub(bytes);
          budget.give_back(bytes);
        }
      });
    }
  }
  EXPECT_FALSE(overdrawn);
  EXPECT_TRUE(budget.try_take(kTotal)) << "all of it came back";
}

}  // namespace
}  // namespace evh::http_api
