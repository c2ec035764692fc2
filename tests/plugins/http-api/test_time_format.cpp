#include "time_format.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "random_seed.h"

namespace evh::http_api {
namespace {

std::string formatted(evh_time time) {
  std::array<char, kTimeTextSize> buffer;
  return std::string(format_time(time, buffer));
}

// What a text means, in the one form of the API; "refused" when it means nothing.
std::string read(std::string_view text) {
  const auto time = parse_time(text);
  return time ? formatted(*time) : "refused";
}

std::string read_parameter(std::string_view value) {
  const auto time = parse_time_parameter(value);
  return time ? formatted(*time) : "refused";
}

TEST(ParseTime, ReadsEveryFormOfTheDocumentation) {
  const std::vector<std::pair<std::string_view, std::string_view>> texts = {
      {"2006-01-02T15:04:05Z", "2006-01-02T15:04:05Z"},
      {"2006-01-02t15:04:05z", "2006-01-02T15:04:05Z"},
      {"2006-01-02T15:04:05+02:00", "2006-01-02T13:04:05Z"},
      {"2006-01-02T15:04:05-02:30", "2006-01-02T17:34:05Z"},
      {"2006-01-02T15:04:05 02:00", "2006-01-02T13:04:05Z"},
      {"2006-01-02T15:04:05-00:00", "2006-01-02T15:04:05Z"},
      {"2006-01-02T15:04:05.5Z", "2006-01-02T15:04:05.5Z"},
      {"2006-01-02T15:04:05.123456789+00:30", "2006-01-02T14:34:05.123456Z"},
      {"2006-01-02 15:04:05", "2006-01-02T15:04:05Z"},
      {"2006-01-02 15:04:05.25", "2006-01-02T15:04:05.25Z"},
      {"2006-01-02T15:04:05", "2006-01-02T15:04:05Z"},
      {"2006-01-02T15:04:05.000001", "2006-01-02T15:04:05.000001Z"},
      {"2006-01-02 15:04", "2006-01-02T15:04:00Z"},
      {"2006-01-02T15:04", "2006-01-02T15:04:00Z"},
      {"2006-01-02", "2006-01-02T00:00:00Z"},
  };
  for (const auto& [text, expected] : texts) EXPECT_EQ(read(text), expected) << text;
}

TEST(ParseTime, TakesAnOffsetBehindAnyTimeOfDay) {
  EXPECT_EQ(read("2006-01-02 15:04:05Z"), "2006-01-02T15:04:05Z");
  EXPECT_EQ(read("2006-01-02 15:04:05+02:00"), "2006-01-02T13:04:05Z");
  EXPECT_EQ(read("2006-01-02T15:04+02:00"), "2006-01-02T13:04:00Z");
  EXPECT_EQ(read("2006-01-02 15:04 02:00"), "2006-01-02T13:04:00Z");
}

TEST(ParseTime, CutsFractionsAtMicroseconds) {
  EXPECT_EQ(read("2006-01-02T15:04:05.9999999Z"), "2006-01-02T15:04:05.999999Z");
  EXPECT_EQ(read("1969-12-31T23:59:59.9999999Z"), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(read("2006-01-02T15:04:05.0000009Z"), "2006-01-02T15:04:05Z");
  EXPECT_EQ(read("2006-01-02T15:04:05." + std::string(5000, '1') + "Z"), "2006-01-02T15:04:05.111111Z");
}

TEST(ParseTime, KnowsTheCalendar) {
  for (const char* day :
       {"2000-02-29", "2024-02-29", "2400-02-29", "0004-02-29", "2025-01-31", "2025-04-30", "2025-12-31"}) {
    EXPECT_EQ(read(day), std::string(day) + "T00:00:00Z");
  }
  for (const char* day : {"1900-02-29", "2023-02-29", "2100-02-29", "2025-02-30", "2025-04-31", "2025-01-32",
                          "2025-01-00", "2025-00-01", "2025-13-01", "0000-01-01"}) {
    EXPECT_EQ(read(day), "refused") << day;
  }
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "abc",
                           "2006",
                           "2006-01",
                           "2006-1-2",
                           "06-01-02",
                           "12006-01-02",
                           "+2006-01-02",
                           "-2006-01-02",
                           "2006/01/02",
                           "20060102",
                           "2006-01-02T",
                           "2006-01-02T15",
                           "2006-01-02T15:",
                           "2006-01-02T15:4",
                           "2006-01-02T1504",
                           "2006-01-02T24:00:00Z",
                           "2006-01-02T15:60:00Z",
                           "2006-01-02T15:04:60Z",
                           "2006-01-02T15:04:05.Z",
                           "2006-01-02T15:04:05.",
                           "2006-01-02T15:04:05,5Z",
                           "2006-01-02T15:04:",
                           "2006-01-02T15:04.5Z",
                           "2006-01-02T15:04:05ZZ",
                           "2006-01-02T15:04:05Z ",
                           " 2006-01-02",
                           "2006-01-02 ",
                           "2006-01-02Z",
                           "2006-01-02+02:00",
                           "2006-01-02T15:04:05+2:00",
                           "2006-01-02T15:04:05+0200",
                           "2006-01-02T15:04:05+02",
                           "2006-01-02T15:04:05+24:00",
                           "2006-01-02T15:04:05+02:60",
                           "2006-01-02T15:04:05+02:00Z",
                           "2006-01-02T15:04:05 +02:00",
                           "2006-01-02  15:04:05",
                           "2006-01-02_15:04:05",
                           "2006-01-02T15:04:05UTC",
                           "1136214245",
                           "now",
                           "2006-01-0\xC2\xB2",
                           "2006-01-02T-1:04:05Z",
                           "2006-01-02T15:04:+5Z"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
  EXPECT_EQ(read(std::string_view("2006-01-02\0", 11)), "refused");
}

TEST(ParseTime, KeepsToTheYearsThatCanBeWritten) {
  EXPECT_EQ(parse_time("0001-01-01"), kFirstTime);
  EXPECT_EQ(parse_time("9999-12-31T23:59:59.999999Z"), kLastTime);
  EXPECT_EQ(parse_time("0001-01-01T00:00:00+00:01"), std::nullopt);
  EXPECT_EQ(parse_time("9999-12-31T23:59:59-00:01"), std::nullopt);
  EXPECT_EQ(parse_time("0001-01-01T05:00:00+05:00"), kFirstTime);
}

TEST(ParseTimeParameter, ReadsWhatWasEncodedUpToThreeTimes) {
  // As they are after the one decoding that every parameter gets.
  for (const char* value : {"2025-01-01T10:00:00+02:00", "2025-01-01T10:00:00 02:00",
                            "2025-01-01T10%3A00%3A00%2B02%3A00", "2025-01-01T10%3a00%3a00%2b02%3a00",
                            "2025-01-01T10%3A00%3A00+02%3A00", "2025-01-01T10%253A00%253A00%252B02%253A00"}) {
    EXPECT_EQ(read_parameter(value), "2025-01-01T08:00:00Z") << value;
  }
  for (const char* value :
       {"2025-01-01 10:00:00", "2025-01-01+10:00:00", "2025-01-01%2010:00:00", "2025-01-01+10%3A00%3A00",
        "2025-01-01%2B10%253A00%253A00", "2025-01-01%252010%253A00%253A00"}) {
    EXPECT_EQ(read_parameter(value), "2025-01-01T10:00:00Z") << value;
  }
}

TEST(ParseTimeParameter, RefusesAFourthEncodingAndOtherText) {
  for (const char* value :
       {"2025-01-01T10%25253A00%25253A00Z", "abc", "%", "2025-01-01T10%3A00%3A0", "2025-01-01%zz", "%2", "+"}) {
    EXPECT_EQ(read_parameter(value), "refused") << value;
  }
}

TEST(FormatTime, CutsTrailingZeros) {
  EXPECT_EQ(formatted(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(formatted(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(formatted(100'000), "1970-01-01T00:00:00.1Z");
  EXPECT_EQ(formatted(120'300), "1970-01-01T00:00:00.1203Z");
  EXPECT_EQ(formatted(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(formatted(1'735'734'896'000'000), "2025-01-01T12:34:56Z");
}

TEST(FormatTime, ShowsTheNearestTimeThatItCan) {
  EXPECT_EQ(formatted(kFirstTime), "0001-01-01T00:00:00Z");
  EXPECT_EQ(formatted(kLastTime), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(formatted(INT64_MIN), "0001-01-01T00:00:00Z");
  EXPECT_EQ(formatted(INT64_MAX), "9999-12-31T23:59:59.999999Z");
}

// The C library's calendar.
std::string formatted_by_libc(evh_time time) {
  evh_time micros = time % 1'000'000;
  if (micros < 0) micros += 1'000'000;
  const std::time_t seconds = (time - micros) / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06d", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(micros));
  std::string out = text.data();
  if (micros == 0) return out.substr(0, 19) + "Z";
  return out.substr(0, out.find_last_not_of('0') + 1) + "Z";
}

TEST(FormatTime, AgreesWithTheCLibraryAndIsReadBack) {
  auto random = test::seeded_generator();
  std::uniform_int_distribution<evh_time> any(kFirstTime, kLastTime);
  for (int i = 0; i < 300'000; ++i) {
    evh_time time = any(random);
    if (i % 3 == 0) time -= time % 1'000'000;
    if (i % 3 == 1) time -= time % 1'000;
    const std::string text = formatted(time);
    ASSERT_EQ(text, formatted_by_libc(time)) << time;
    ASSERT_EQ(parse_time(text), time) << text;
  }
}

int days_in_month(int year, int month) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

TEST(FormatTime, CountsEveryDayOfTheCalendar) {
  constexpr evh_time kDay = 86'400'000'000;
  evh_time midnight = kFirstTime;
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days_in_month(year, month); ++day, midnight += kDay) {
        std::array<char, 64> expected;
        std::snprintf(expected.data(), expected.size(), "%04d-%02d-%02dT00:00:00Z", year, month, day);
        ASSERT_EQ(formatted(midnight), expected.data());
      }
    }
  }
  EXPECT_EQ(midnight, kLastTime + 1);
}

}  // namespace
}  // namespace evh::http_api
