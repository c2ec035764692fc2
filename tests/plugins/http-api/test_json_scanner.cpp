#include "json_scanner.h"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

namespace evh::http_api {
namespace {

struct Outcome {
  bool failed = false;
  std::string message;
  std::size_t offset = 0;
};

Outcome scan(std::string_view text) {
  JsonScanner scanner(text);
  JsonMember member;
  while (scanner.next_member(member)) {
  }
  if (!scanner.failed()) return {};
  return {true, scanner.error_message(), scanner.error_offset()};
}

std::vector<std::pair<std::string, std::string>> members_of(std::string_view text) {
  JsonScanner scanner(text);
  JsonMember member;
  std::vector<std::pair<std::string, std::string>> members;
  while (scanner.next_member(member)) members.emplace_back(member.key, member.value);
  EXPECT_FALSE(scanner.failed()) << scanner.error_message();
  return members;
}

struct SyntaxError {
  std::string_view text;
  std::string_view message;
  std::size_t offset;
};

void PrintTo(const SyntaxError& error, std::ostream* out) {
  *out << error.text;
}

class JsonScannerError : public testing::TestWithParam<SyntaxError> {};

TEST_P(JsonScannerError, IsToldInTheWordsOfGo) {
  const Outcome outcome = scan(GetParam().text);
  EXPECT_TRUE(outcome.failed);
  EXPECT_EQ(outcome.message, GetParam().message);
  EXPECT_EQ(outcome.offset, GetParam().offset);
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Beginnings, JsonScannerError,
    testing::Values(SyntaxError{"", "unexpected end of JSON input", 0},
                    SyntaxError{" \n\t\r", "unexpected end of JSON input", 4},
                    SyntaxError{"bad", "invalid character 'b' looking for beginning of value", 0},
                    SyntaxError{"{bad json}", "invalid character 'b' looking for beginning of object key string", 1},
                    SyntaxError{"{'a':1}", R"(invalid character '\'' looking for beginning of object key string)", 1},
                    SyntaxError{R"({"a":1,})", "invalid character '}' looking for beginning of object key string", 7},
                    SyntaxError{R"({"a":1, 2})", "invalid character '2' looking for beginning of object key string", 8},
                    SyntaxError{R"({,"a":1})", "invalid character ',' looking for beginning of object key string", 1},
                    SyntaxError{R"({"a":})", "invalid character '}' looking for beginning of value", 5},
                    SyntaxError{R"({"a":,})", "invalid character ',' looking for beginning of value", 5},
                    SyntaxError{"[1,]", "invalid character ']' looking for beginning of value", 3},
                    SyntaxError{"[,1]", "invalid character ',' looking for beginning of value", 1},
                    SyntaxError{"}", "invalid character '}' looking for beginning of value", 0},
                    SyntaxError{"+1", "invalid character '+' looking for beginning of value", 0},
                    SyntaxError{".5", "invalid character '.' looking for beginning of value", 0},
                    SyntaxError{"NaN", "invalid character 'N' looking for beginning of value", 0},
                    SyntaxError{R"({"a":True})", "invalid character 'T' looking for beginning of value", 5},
                    SyntaxError{"/* */{}", "invalid character '/' looking for beginning of value", 0},
                    SyntaxError{R"({"a":{"b":[{c}]}})",
                                "invalid character 'c' looking for beginning of object key string", 12}));

INSTANTIATE_TEST_SUITE_P(
    Ends, JsonScannerError,
    testing::Values(SyntaxError{R"({"a" 1})", "invalid character '1' after object key", 5},
                    SyntaxError{R"({"a","b"})", "invalid character ',' after object key", 4},
                    SyntaxError{R"({"a":1 "b":2})", R"(invalid character '"' after object key:value pair)", 7},
                    SyntaxError{R"({"a":1])", "invalid character ']' after object key:value pair", 6},
                    SyntaxError{R"({"a":1:2})", "invalid character ':' after object key:value pair", 6},
                    SyntaxError{R"({"a":{"b":1;}})", "invalid character ';' after object key:value pair", 11},
                    SyntaxError{R"({"a":{"b" 1}})", "invalid character '1' after object key", 10},
                    SyntaxError{"[1 2]", "invalid character '2' after array element", 3},
                    SyntaxError{"[[]}", "invalid character '}' after array element", 3},
                    SyntaxError{R"({"a":[1}})", "invalid character '}' after array element", 7},
                    SyntaxError{"{} x", "invalid character 'x' after top-level value", 3},
                    SyntaxError{"{}{}", "invalid character '{' after top-level value", 2},
                    SyntaxError{"1 2", "invalid character '2' after top-level value", 2},
                    SyntaxError{"[],", "invalid character ',' after top-level value", 2},
                    SyntaxError{R"({"a":1}})", "invalid character '}' after top-level value", 7},
                    SyntaxError{"\"a\"\0"sv, R"(invalid character '\x00' after top-level value)", 3}));

INSTANTIATE_TEST_SUITE_P(
    Strings, JsonScannerError,
    testing::Values(SyntaxError{"\"a\nb\"", R"(invalid character '\n' in string literal)", 2},
                    SyntaxError{"{\"a\tb\":1}", R"(invalid character '\t' in string literal)", 3},
                    SyntaxError{"\"\0\""sv, R"(invalid character '\x00' in string literal)", 1},
                    SyntaxError{"\"0123456789\x1f\"", R"(invalid character '\x1f' in string literal)", 11},
                    SyntaxError{R"("\x")", "invalid character 'x' in string escape code", 2},
                    SyntaxError{R"("\')", R"(invalid character '\'' in string escape code)", 2},
                    SyntaxError{"\"\\\0\""sv, R"(invalid character '\x00' in string escape code)", 2},
                    SyntaxError{R"("\u12g4")", R"(invalid character 'g' in \u hexadecimal character escape)", 5},
                    SyntaxError{R"("\u"")", R"(invalid character '"' in \u hexadecimal character escape)", 3},
                    SyntaxError{R"({"a":["\u00`0"]})", R"(invalid character '`' in \u hexadecimal character escape)",
                                11}));

INSTANTIATE_TEST_SUITE_P(
    NumbersAndLiterals, JsonScannerError,
    testing::Values(SyntaxError{"-x", "invalid character 'x' in numeric literal", 1},
                    SyntaxError{"--1", "invalid character '-' in numeric literal", 1},
                    SyntaxError{"1.x", "invalid character 'x' after decimal point in numeric literal", 2},
                    SyntaxError{R"({"a":1.})", "invalid character '}' after decimal point in numeric literal", 7},
                    SyntaxError{"1ex", "invalid character 'x' in exponent of numeric literal", 2},
                    SyntaxError{"[1E+]", "invalid character ']' in exponent of numeric literal", 4},
                    SyntaxError{"1e+-2", "invalid character '-' in exponent of numeric literal", 3},
                    SyntaxError{"01", "invalid character '1' after top-level value", 1},
                    SyntaxError{R"({"a":-01})", "invalid character '1' after object key:value pair", 7},
                    SyntaxError{"[00]", "invalid character '0' after array element", 2},
                    SyntaxError{"0x1", "invalid character 'x' after top-level value", 1},
                    SyntaxError{"1.2.3", "invalid character '.' after top-level value", 3},
                    SyntaxError{"txue", "invalid character 'x' in literal true (expecting 'r')", 1},
                    SyntaxError{"trUe", "invalid character 'U' in literal true (expecting 'u')", 2},
                    SyntaxError{"fals3", "invalid character '3' in literal false (expecting 'e')", 4},
                    SyntaxError{R"({"a":nul })", "invalid character ' ' in literal null (expecting 'l')", 8},
                    SyntaxError{"nulll", "invalid character 'l' after top-level value", 4}));

INSTANTIATE_TEST_SUITE_P(
    TextThatEndsTooEarly, JsonScannerError,
    testing::Values(
        SyntaxError{"{", "unexpected end of JSON input", 1}, SyntaxError{R"({"a)", "unexpected end of JSON input", 3},
        SyntaxError{R"({"a")", "unexpected end of JSON input", 4},
        SyntaxError{R"({"a":)", "unexpected end of JSON input", 5},
        SyntaxError{R"({"a":1)", "unexpected end of JSON input", 6},
        SyntaxError{R"({"a":1,)", "unexpected end of JSON input", 7},
        SyntaxError{"[", "unexpected end of JSON input", 1}, SyntaxError{"[1", "unexpected end of JSON input", 2},
        SyntaxError{"[1, ", "unexpected end of JSON input", 4}, SyntaxError{"\"", "unexpected end of JSON input", 1},
        SyntaxError{R"("\)", "unexpected end of JSON input", 2},
        SyntaxError{R"("\u00)", "unexpected end of JSON input", 5}, SyntaxError{"-", "unexpected end of JSON input", 1},
        SyntaxError{"1.", "unexpected end of JSON input", 2}, SyntaxError{"1e", "unexpected end of JSON input", 2},
        SyntaxError{"1e-", "unexpected end of JSON input", 3}, SyntaxError{"tru", "unexpected end of JSON input", 3},
        SyntaxError{R"({"a":{"b":[1,{"c":2})", "unexpected end of JSON input", 20}));

INSTANTIATE_TEST_SUITE_P(
    OddCharacters, JsonScannerError,
    testing::Values(SyntaxError{"\xEF\xBB\xBF{}", "invalid character 'ï' looking for beginning of value", 0},
                    SyntaxError{"\\", R"(invalid character '\\' looking for beginning of value)", 0},
                    SyntaxError{"\x07", R"(invalid character '\a' looking for beginning of value)", 0},
                    SyntaxError{"\x08", R"(invalid character '\b' looking for beginning of value)", 0},
                    SyntaxError{"\x0B", R"(invalid character '\v' looking for beginning of value)", 0},
                    SyntaxError{"\x0C", R"(invalid character '\f' looking for beginning of value)", 0},
                    SyntaxError{"\x1B", R"(invalid character '\x1b' looking for beginning of value)", 0},
                    SyntaxError{"\x7F", R"(invalid character '\x7f' looking for beginning of value)", 0},
                    SyntaxError{"\x80", R"(invalid character '\u0080' looking for beginning of value)", 0},
                    SyntaxError{"\xA0", R"(invalid character '\u00a0' looking for beginning of value)", 0},
                    SyntaxError{"\xAD", R"(invalid character '\u00ad' looking for beginning of value)", 0},
                    SyntaxError{"\xA1", "invalid character '¡' looking for beginning of value", 0},
                    SyntaxError{"\xFF", "invalid character 'ÿ' looking for beginning of value", 0}));

TEST(JsonScanner, AcceptsEveryKindOfValueAtTheTop) {
  const std::vector<std::pair<std::string_view, JsonKind>> texts = {
      {"null", JsonKind::kNull},      {" true ", JsonKind::kBoolean},   {"false", JsonKind::kBoolean},
      {"0", JsonKind::kNumber},       {"-0", JsonKind::kNumber},        {"-12.50e+3", JsonKind::kNumber},
      {"1E400", JsonKind::kNumber},   {R"("")", JsonKind::kString},     {R"("\ud800")", JsonKind::kString},
      {"[]", JsonKind::kArray},       {"[ ]", JsonKind::kArray},        {"[[],{}]", JsonKind::kArray},
      {"\n{ }\t", JsonKind::kObject}, {R"({"a":1})", JsonKind::kObject}};
  for (const auto& [text, kind] : texts) {
    JsonScanner scanner(text);
    JsonMember member;
    while (scanner.next_member(member)) {
    }
    EXPECT_FALSE(scanner.failed()) << text << ": " << scanner.error_message();
    EXPECT_EQ(scanner.root_kind(), kind) << text;
  }
}

TEST(JsonScanner, HandsOutMembersAsTheyAreWritten) {
  const auto members = members_of("\n{ \"a\" : 1.50 ,\"b\\u0063\":\"x\\ny\", \"\":{ \"a\" : [1, {}] },\"a\":null } ");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"a", "1.50"}, {"b\\u0063", R"("x\ny")"}, {"", R"({ "a" : [1, {}] })"}, {"a", "null"}};
  EXPECT_EQ(members, expected);
}

TEST(JsonScanner, TellsKindsAndEscapesOfMembers) {
  JsonScanner scanner(R"({"plain":"a","\u0061":"\t","n":-1,"t":true,"z":null,"o":{},"l":["\n"]})");
  JsonMember member;
  std::vector<std::tuple<JsonKind, bool>> seen;
  std::vector<bool> string_is_plain;
  while (scanner.next_member(member)) {
    seen.emplace_back(member.kind, member.key_is_plain);
    if (member.kind == JsonKind::kString) string_is_plain.push_back(member.value_is_plain);
  }
  const std::vector<std::tuple<JsonKind, bool>> expected = {
      {JsonKind::kString, true}, {JsonKind::kString, false}, {JsonKind::kNumber, true}, {JsonKind::kBoolean, true},
      {JsonKind::kNull, true},   {JsonKind::kObject, true},  {JsonKind::kArray, true}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(string_is_plain, (std::vector<bool>{true, false}));
}

TEST(JsonScanner, HandsOutNothingOfATextThatIsNoObject) {
  EXPECT_TRUE(members_of(R"([{"a":1}])").empty());
  EXPECT_TRUE(members_of("{}").empty());
}

TEST(JsonScanner, StaysAtItsEnd) {
  JsonScanner scanner("{} x");
  JsonMember member;
  EXPECT_FALSE(scanner.next_member(member));
  EXPECT_FALSE(scanner.next_member(member));
  EXPECT_TRUE(scanner.failed());
  EXPECT_EQ(scanner.error_offset(), 3U);
}

TEST(JsonScanner, FindsTheEndOfAStringAtEveryAlignment) {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t length = 0; length < 40; ++length) {
      const std::string content(length, 'x');
      const std::string text = std::string(before, ' ') + "{\"" + content + "\":\"" + content + "\\\\\"}";
      const auto members = members_of(text);
      ASSERT_EQ(members.size(), 1U);
      EXPECT_EQ(members[0].first, content);
      EXPECT_EQ(members[0].second, "\"" + content + "\\\\\"");
    }
  }
}

TEST(JsonScanner, FindsEveryByteThatAStringMustNotHave) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (std::size_t position = 0; position < 17; ++position) {
      std::string content(17, '\xC3');
      content[position] = static_cast<char>(byte);
      const Outcome outcome = scan("\"" + content + "\"");
      const bool allowed = byte >= 0x20 && byte != '"' && byte != '\\';
      EXPECT_EQ(outcome.failed, !allowed) << "byte " << byte << " at " << position;
      if (byte < 0x20) {
        EXPECT_EQ(outcome.offset, position + 1);
      }
    }
  }
}

TEST(JsonScanner, BoundsTheDepth) {
  const auto nested = [](std::size_t depth, const std::string& open, const std::string& inner,
                         const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += open;
    text += inner;
    for (std::size_t i = 0; i < depth; ++i) text += close;
    return text;
  };
  constexpr std::size_t kMost = JsonScanner::kMaxDepth;
  EXPECT_FALSE(scan(nested(kMost, "[", "", "]")).failed);
  EXPECT_FALSE(scan(nested(kMost, "{\"a\":", "1", "}")).failed);
  const Outcome arrays = scan(nested(kMost + 1, "[", "", "]"));
  EXPECT_EQ(arrays.message, "exceeded max depth of 512 nested arrays and objects");
  EXPECT_EQ(arrays.offset, kMost);
  EXPECT_EQ(scan(nested(kMost + 1, "{\"a\":", "1", "}")).message, arrays.message);
  EXPECT_EQ(scan(std::string(1'000'000, '[')).message, arrays.message);
  EXPECT_FALSE(scan("[" + nested(kMost - 1, "[", "", "]") + "," + nested(kMost - 1, "[", "", "]") + "]").failed);
}

}  // namespace
}  // namespace evh::http_api
