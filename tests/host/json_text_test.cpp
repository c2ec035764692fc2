#include "json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace evh::host {
namespace {

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

TEST(JsonText, EscapesWhatMustBeEscapedAndNothingElse) {
  EXPECT_EQ(json_string("plain \xC3\xA9 \xF0\x9F\x98\x80 /"), "\"plain \xC3\xA9 \xF0\x9F\x98\x80 /\"");
  EXPECT_EQ(json_string("\"\\\n\r\t"), R"("\"\\\n\r\t")");
  EXPECT_EQ(json_string(std::string("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
}

TEST(JsonText, ReplacesEachByteThatIsNoUtf8) {
  EXPECT_EQ(json_string("a\xFF\x80z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
  EXPECT_EQ(json_string("\xC3"), "\"\xEF\xBF\xBD\"");
}

TEST(JsonText, WritesCharactersWholeOrNotAtAll) {
  for (const char* text : {"ab\xC3\xA9", "ab\n", "ab\x01", "ab\xFF", "\xF0\x9F\x98\x80"}) {
    for (std::size_t size = 0; size < 12; ++size) {
      std::string room(size, '#');
      const Escaped escaped = escape_json(text, room);
      ASSERT_LE(escaped.written, size);
      EXPECT_EQ(room.substr(escaped.written), std::string(size - escaped.written, '#'));
      const std::string json = "\"" + room.substr(0, escaped.written) + "\"";
      EXPECT_TRUE(nlohmann::json::accept(json)) << json;
    }
  }
}

TEST(JsonText, ComesBackAsItWasFromAParser) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::size_t i = random() % 700; i > 0; --i) text += static_cast<char>(random() % 0x80);
    EXPECT_EQ(nlohmann::json::parse(json_string(text)), text);
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_TRUE(nlohmann::json::accept(json_string(text)));
  }
}

TEST(JsonText, KnowsLiterals) {
  for (const char* text : {"0", "-0", "10", "-1.5", "1e5", "1E+5", "0.25e-3", "true", "false", "null"}) {
    EXPECT_TRUE(is_json_literal(text)) << text;
  }
  for (const char* text :
       {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "True", "nul", "1 ", " 1", "1,2", "\"a\"", "{}"}) {
    EXPECT_FALSE(is_json_literal(text)) << text;
  }
}

TEST(JsonText, CutsBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
  EXPECT_EQ(utf8_prefix("a\xC3\xA9", 2), "a");
  EXPECT_EQ(utf8_prefix("a\xC3\xA9", 3), "a\xC3\xA9");
  EXPECT_EQ(utf8_prefix("a\xFFz", 5), "a\xEF\xBF\xBDz");
  EXPECT_EQ(utf8_prefix("a\xFFz", 3), "a");
  EXPECT_EQ(utf8_prefix("", 3), "");
}

}  // namespace
}  // namespace evh::host
