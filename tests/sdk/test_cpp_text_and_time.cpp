#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evh/text.hpp"
#include "evh/time.hpp"
#include "evh/utf8.hpp"

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

TEST(Utf8, KnowsWellFormedSequences) {
  const std::vector<std::pair<std::string_view, std::size_t>> texts = {{"", 0},
                                                                       {"a", 1},
                                                                       {"é", 2},
                                                                       {"€", 3},
                                                                       {"😀", 4},
                                                                       {"\xC1\x81", 0},
                                                                       {"\xC2", 0},
                                                                       {"\x80", 0},
                                                                       {"\xE0\x9F\xBF", 0},
                                                                       {"\xED\x9F\xBF", 3},
                                                                       {"\xED\xA0\x80", 0},
                                                                       {"\xEF\xBF\xBF", 3},
                                                                       {"\xF0\x8F\xBF\xBF", 0},
                                                                       {"\xF4\x8F\xBF\xBF", 4},
                                                                       {"\xF4\x90\x80\x80", 0},
                                                                       {"\xF5\x80\x80\x80", 0},
                                                                       {"\xFF", 0},
                                                                       {"\xC3(", 0},
                                                                       {"\xE2\x82(", 0}};
  for (const auto& [text, length] : texts) EXPECT_EQ(utf8_sequence_length(text), length) << text;
}

TEST(Utf8, IsToldFromWhatIsNot) {
  for (const char* text : {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE1\x80",
                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text));
  }
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
