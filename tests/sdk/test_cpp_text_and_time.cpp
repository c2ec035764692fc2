#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "evh/text.hpp"
#include "evh/time.hpp"

namespace evh {
namespace {

TEST(Text, GoesThereAndBack) {
  const std::string text("a\0b", 3);
  const evh_str raw = str(text);
  EXPECT_EQ(raw.data, text.data()) << "borrowed";
  EXPECT_EQ(raw.size, 3U);
  EXPECT_EQ(view(raw), text);
}

TEST(Text, ReadsAnAbsentTextAsAnEmptyOne) {
  EXPECT_EQ(view({nullptr, 0}), "");
  EXPECT_EQ(view({"", 0}), "");
}

TEST(Text, IsNeverAbsentWhenItComesFromAView) {
  EXPECT_NE(str({}).data, nullptr);
  EXPECT_EQ(str({}).size, 0U);
}

TEST(Time, CountsMicrosecondsSince1970) {
  using namespace std::chrono_literals;
  EXPECT_EQ(raw(time(0)), 0);
  EXPECT_EQ(time(0), Time{});
  EXPECT_EQ(time(1'735'689'600'000'001), std::chrono::sys_days{std::chrono::January / 1 / 2025} + 1us);
  EXPECT_EQ(raw(std::chrono::sys_days{std::chrono::December / 31 / 1969}), -86'400'000'000);
}

}  // namespace
}  // namespace evh
