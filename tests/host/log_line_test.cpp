#include "log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace evh::host {
namespace {

std::string timestamp(evh_time at) {
  std::string text(kTimestampSize, '?');
  write_timestamp(at, text.data());
  return text;
}

TEST(LogLine, IsOneJsonObjectInAFixedOrder) {
  std::array<char, 512> room;
  LogLine line(room, 1'735'735'945'000'042, EVH_LOG_WARN, "hello \"you\"", "http");
  line.add("n", "5", EVH_FIELD_JSON);
  line.add("text", "a\nb", EVH_FIELD_TEXT);
  line.add("digits", "5", EVH_FIELD_TEXT);
  line.add("forged", R"(1,"level":"debug")", EVH_FIELD_JSON);
  EXPECT_EQ(line.finish(),
            R"({"time":"2025-01-01T12:52:25.000042Z","level":"warn","msg":"hello \"you\"","plugin":"http","n":5,)"
            R"("text":"a\nb","digits":"5","forged":"1,\"level\":\"debug\""})");
}

TEST(LogLine, OfTheHostNamesNoPlugin) {
  std::array<char, 256> room;
  EXPECT_EQ(LogLine(room, 0, EVH_LOG_INFO, "", "").finish(),
            R"({"time":"1970-01-01T00:00:00.000000Z","level":"info","msg":""})");
}

TEST(LogLine, KeepsItsOwnKeysToItself) {
  std::array<char, 512> room;
  LogLine line(room, 0, EVH_LOG_INFO, "m", "p");
  for (const char* key : {"time", "level", "msg", "plugin", "cut"}) line.add(key, "x", EVH_FIELD_TEXT);
  const auto object = nlohmann::json::parse(line.finish());
  EXPECT_EQ(object["msg"], "m");
  EXPECT_EQ(object["plugin"], "p");
  EXPECT_EQ(object["level_"], "x");
  EXPECT_FALSE(object.contains("cut"));
}

TEST(LogLine, ThatIsTooLongIsCutAndSaysSo) {
  std::array<char, 256> room;
  const std::string long_text(5000, 'x');
  {
    LogLine line(room, 0, EVH_LOG_INFO, long_text, "p");
    line.add("k", "v", EVH_FIELD_TEXT);
    const auto object = nlohmann::json::parse(line.finish());
    EXPECT_EQ(object["cut"], true);
    EXPECT_EQ(object["plugin"], "p");
    EXPECT_TRUE(object["msg"].get<std::string>().ends_with("x\xE2\x80\xA6"));
  }
  LogLine line(room, 0, EVH_LOG_INFO, "m", "p");
  line.add("k", long_text, EVH_FIELD_TEXT);
  line.add("after", "v", EVH_FIELD_TEXT);
  const auto object = nlohmann::json::parse(line.finish());
  EXPECT_EQ(object["cut"], true);
  EXPECT_FALSE(object.contains("after"));
}

TEST(LogLine, StaysInItsRoomAndStaysJsonWhateverItHolds) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto text = [&](std::size_t most) {
    std::string bytes(random() % most, ' ');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : 'a');
    return bytes;
  };
  for (int round = 0; round < 2000; ++round) {
    const std::size_t size = 256 + random() % 300;
    std::vector<char> room(size + 16, '#');
    LogLine line(std::span<char>(room).first(size), static_cast<evh_time>(random()),
                 static_cast<std::int32_t>(random() % 9), text(400), text(2) + "p");
    for (std::size_t i = random() % 6; i > 0; --i) {
      line.add(text(30), text(200), static_cast<std::int32_t>(random() % 3));
    }
    const std::string_view written = line.finish();
    ASSERT_LE(written.size(), size);
    ASSERT_TRUE(nlohmann::json::accept(written)) << written;
    ASSERT_EQ(std::string(room.begin() + static_cast<std::ptrdiff_t>(size), room.end()), std::string(16, '#'));
  }
}

TEST(Timestamp, IsInUtcWithMicroseconds) {
  EXPECT_EQ(timestamp(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(timestamp(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(timestamp(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(timestamp(951'782'399'999'999), "2000-02-28T23:59:59.999999Z");
  EXPECT_EQ(timestamp(951'782'400'000'000), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(timestamp(951'782'400'500'000), "2000-02-29T00:00:00.500000Z");
  EXPECT_EQ(timestamp(253'402'300'799'999'999), "9999-12-31T23:59:59.999999Z");
}

TEST(LevelName, TakesUnknownLevelsForTheNearestOne) {
  EXPECT_EQ(level_name(-5), "debug");
  EXPECT_EQ(level_name(EVH_LOG_DEBUG), "debug");
  EXPECT_EQ(level_name(EVH_LOG_ERROR), "error");
  EXPECT_EQ(level_name(99), "error");
}

}  // namespace
}  // namespace evh::host
