#include "evh/setting_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

#include "evh/setting.hpp"

namespace evh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr evh_setting of_type(std::int32_t type) {
  return setting::of(type, "name", nullptr, "doc", {});
}

// Absent when the text is refused.
std::optional<std::int64_t> whole(std::int32_t type, std::string_view text) {
  std::string problem;
  const auto value = parse_setting(of_type(type), text, problem);
  EXPECT_EQ(problem.empty(), value.has_value()) << text;
  return value ? std::optional(value->integer) : std::nullopt;
}

std::optional<double> number(std::string_view text) {
  std::string problem;
  const auto value = parse_setting(of_type(EVH_NUMBER), text, problem);
  return value ? std::optional(value->number) : std::nullopt;
}

std::string problem_of(const evh_setting& setting, std::string_view text) {
  std::string problem;
  EXPECT_FALSE(parse_setting(setting, text, problem)) << text;
  return problem;
}

TEST(SettingValue, ReadsIntegers) {
  EXPECT_EQ(whole(EVH_INTEGER, "0"), 0);
  EXPECT_EQ(whole(EVH_INTEGER, " -17\t"), -17);
  EXPECT_EQ(whole(EVH_INTEGER, "9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(whole(EVH_INTEGER, "-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* text :
       {"", " ", "x", "1x", "1.0", "0x10", "1e3", "+1", "--1", "1 2", "9223372036854775808", "\n1"}) {
    EXPECT_EQ(whole(EVH_INTEGER, text), std::nullopt) << text;
  }
}

TEST(SettingValue, ReadsNumbers) {
  EXPECT_EQ(number("0.25"), 0.25);
  EXPECT_EQ(number("-1e3"), -1000.0);
  for (const char* text : {"", "x", "1,5", "inf", "nan", "1e999", "0.5 s", "."}) {
    EXPECT_EQ(number(text), std::nullopt) << text;
  }
}

TEST(SettingValue, ReadsBooleans) {
  for (const char* text : {"true", "yes", "on", " on "}) EXPECT_EQ(whole(EVH_BOOLEAN, text), 1) << text;
  for (const char* text : {"false", "no", "off"}) EXPECT_EQ(whole(EVH_BOOLEAN, text), 0) << text;
  for (const char* text : {"", "1", "0", "True", "y", "onn"}) {
    EXPECT_EQ(whole(EVH_BOOLEAN, text), std::nullopt) << text;
  }
}

TEST(SettingValue, ReadsDurationsInMicroseconds) {
  EXPECT_EQ(whole(EVH_DURATION, "10"), 10'000'000);
  EXPECT_EQ(whole(EVH_DURATION, "7us"), 7);
  EXPECT_EQ(whole(EVH_DURATION, "250ms"), 250'000);
  EXPECT_EQ(whole(EVH_DURATION, "1.5s"), 1'500'000);
  EXPECT_EQ(whole(EVH_DURATION, "2 m"), 120'000'000);
  EXPECT_EQ(whole(EVH_DURATION, "1h"), 3'600'000'000);
  EXPECT_EQ(whole(EVH_DURATION, "1d"), 86'400'000'000);
  EXPECT_EQ(whole(EVH_DURATION, "-1s"), -1'000'000);
  EXPECT_EQ(whole(EVH_DURATION, "0.1"), 100'000);
  for (const char* text : {"", "s", "1w", "1 s s", "1S", "ms", "1.2.3s", "1e3s", "9223372036854775807s", "1e30",
                           "106751992d", "0x1s", "1,5s"}) {
    EXPECT_EQ(whole(EVH_DURATION, text), std::nullopt) << text;
  }
}

TEST(SettingValue, ReadsSizesInBytes) {
  EXPECT_EQ(whole(EVH_BYTES, "512"), 512);
  EXPECT_EQ(whole(EVH_BYTES, "512B"), 512);
  EXPECT_EQ(whole(EVH_BYTES, "64KiB"), 65'536);
  EXPECT_EQ(whole(EVH_BYTES, "1.5 MiB"), 1'572'864);
  EXPECT_EQ(whole(EVH_BYTES, "2GiB"), 2'147'483'648);
  EXPECT_EQ(whole(EVH_BYTES, "3KB"), 3'000);
  EXPECT_EQ(whole(EVH_BYTES, "3MB"), 3'000'000);
  EXPECT_EQ(whole(EVH_BYTES, "3GB"), 3'000'000'000);
  for (const char* text : {"", "KiB", "1kib", "1 TiB", "1Ki", "10000000000GiB"}) {
    EXPECT_EQ(whole(EVH_BYTES, text), std::nullopt) << text;
  }
}

TEST(SettingValue, KeepsTextsAsTheyAre) {
  std::string problem;
  EXPECT_EQ(parse_setting(of_type(EVH_TEXT), " a b\n", problem)->text, " a b\n");
  EXPECT_EQ(parse_setting(of_type(EVH_TEXT), "", problem)->text, "");
}

TEST(SettingValue, SplitsListsAtCommas) {
  std::string problem;
  EXPECT_THAT(parse_setting(of_type(EVH_TEXT_LIST), " a ,b c,, d", problem)->list, ElementsAre("a", "b c", "d"));
  EXPECT_THAT(parse_setting(of_type(EVH_TEXT_LIST), " , ", problem)->list, IsEmpty());
}

TEST(SettingValue, TakesTheWordsOfAChoiceAlone) {
  constexpr evh_setting kColour = setting::choice("colour", "red|green|dark blue", "red", "a colour");
  std::string problem;
  for (const char* word : {"red", "green", "dark blue"}) EXPECT_EQ(parse_setting(kColour, word, problem)->text, word);
  for (const char* word : {"", "blue", "re", "red|green", "Red", " red", "|"}) {
    EXPECT_THAT(problem_of(kColour, word), HasSubstr("must be one of red|green|dark blue")) << word;
  }
}

TEST(SettingValue, HasInclusiveBounds) {
  constexpr evh_setting kPort = setting::integer("port", "1", "doc", {.min = "1", .max = "9"});
  constexpr evh_setting kWait = setting::duration("wait", "1s", "doc", {.min = "1ms", .max = "1m"});
  constexpr evh_setting kShare = setting::number("share", "0", "doc", {.min = "0", .max = "0.5"});
  std::string problem;
  for (const char* text : {"1", "9"}) EXPECT_TRUE(parse_setting(kPort, text, problem)) << problem;
  for (const char* text : {"1ms", "0.001", "60", "1m"}) EXPECT_TRUE(parse_setting(kWait, text, problem)) << problem;
  for (const char* text : {"0", "0.5"}) EXPECT_TRUE(parse_setting(kShare, text, problem)) << problem;
  EXPECT_EQ(problem_of(kPort, "0"), "must be at least 1, got '0'");
  EXPECT_EQ(problem_of(kPort, "10"), "must be at most 9, got '10'");
  EXPECT_EQ(problem_of(kWait, "999us"), "must be at least 1ms, got '999us'");
  EXPECT_EQ(problem_of(kWait, "61"), "must be at most 1m, got '61'");
  EXPECT_EQ(problem_of(kShare, "0.51"), "must be at most 0.5, got '0.51'");
  EXPECT_EQ(problem_of(kShare, "-0.01"), "must be at least 0, got '-0.01'");
}

TEST(SettingValue, NeverShowsASecret) {
  for (const std::int32_t type : {EVH_INTEGER, EVH_NUMBER, EVH_BOOLEAN, EVH_DURATION, EVH_BYTES, EVH_CHOICE}) {
    const evh_setting secret = setting::of(type, "key", nullptr, "doc", {.flags = EVH_SETTING_SECRET});
    EXPECT_THAT(problem_of(secret, "sesame"), Not(HasSubstr("sesame"))) << "type " << type;
  }
}

TEST(SettingValue, SaysWhatWasExpectedAndWhatCame) {
  EXPECT_EQ(problem_of(of_type(EVH_INTEGER), "ten"), "must be an integer, got 'ten'");
  EXPECT_EQ(problem_of(of_type(EVH_DURATION), "ten"), "must be a duration such as 500ms, 10s or 5m, got 'ten'");
  EXPECT_EQ(problem_of(of_type(EVH_BYTES), "ten"), "must be a size such as 512, 64KiB or 1MiB, got 'ten'");
  EXPECT_EQ(problem_of(of_type(99), "ten"), "must be of a type that this host does not know, got 'ten'");
}

}  // namespace
}  // namespace evh
