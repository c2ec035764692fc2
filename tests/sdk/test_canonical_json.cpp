#include "evh/testkit/canonical_json.h"

#include <gtest/gtest.h>

#include <string>

namespace evh::testkit {
namespace {

void expect_equal(std::string_view one, std::string_view other) {
  ASSERT_TRUE(canonical_json(one)) << one;
  EXPECT_EQ(canonical_json(one), canonical_json(other)) << one << " and " << other;
}

void expect_different(std::string_view one, std::string_view other) {
  ASSERT_TRUE(canonical_json(one)) << one;
  ASSERT_TRUE(canonical_json(other)) << other;
  EXPECT_NE(canonical_json(one), canonical_json(other)) << one << " and " << other;
}

TEST(CanonicalJson, IsTheSameForEqualValues) {
  expect_equal(" { \"b\" : [ 1 , true ] ,\n\t\"a\":null}\r", R"({"a":null,"b":[1,true]})");
  expect_equal(R"({"a":1,"a":2})", R"({"a":2})");
  expect_equal(R"("\u0041\u00e9\ud83d\ude00\/\t")", "\"A\xC3\xA9\xF0\x9F\x98\x80/\\u0009\"");
  expect_equal(R"({"\u0061":0})", R"({"a":0})");
  expect_equal("-0", "0.0e5");
  expect_equal("100", "1e2");
  expect_equal("1.50", "15E-1");
  expect_equal("1e400", "1" + std::string(400, '0'));
  expect_equal("0.00010", "1e-4");
  expect_equal("12.5e+3", "12500");
}

TEST(CanonicalJson, DiffersForOtherValues) {
  expect_different("9007199254740993", "9007199254740992");
  expect_different("1e400", "1e401");
  expect_different("1", "-1");
  expect_different("1", "\"1\"");
  expect_different("0.1", "0.1000000000000000055511151231257827");
  expect_different("[]", "{}");
  expect_different("[1,2]", "[2,1]");
  expect_different("[[]]", "[]");
  expect_different(R"("a")", R"("A")");
  expect_different(R"("\u0000")", R"("")");
  expect_different(R"("\ud83d")", R"("\ude00")");
  expect_different(R"({"a":null})", "{}");
  expect_different(R"("\"")", R"("\\")");
}

TEST(CanonicalJson, IsNotThereForWhatIsNoJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[1,]",
                           "[,1]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "01",
                           "-",
                           "+1",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "0x1",
                           "tru",
                           "True",
                           "nul",
                           "NaN",
                           "\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\t\"",
                           "\"\n\"",
                           "'a'",
                           "1 2",
                           "{} x",
                           "\xEF\xBB\xBF{}",
                           "\"\xFF\"",
                           "\"\xED\xA0\x80\"",
                           "\"\xC0\x80\"",
                           "[1}",
                           "{\"a\":1]"}) {
    EXPECT_FALSE(canonical_json(text)) << text;
  }
  EXPECT_FALSE(canonical_json(std::string_view("\"\0\"", 3)));
}

TEST(CanonicalJson, ReadsNestingOf1000) {
  EXPECT_TRUE(canonical_json(std::string(1000, '[') + std::string(1000, ']')));
  EXPECT_FALSE(canonical_json(std::string(1001, '[') + std::string(1001, ']')));
  EXPECT_FALSE(canonical_json(std::string(1'000'000, '[')));
}

TEST(CanonicalJson, TellsObjectsFromTheRest) {
  EXPECT_TRUE(is_json_object(" {} "));
  for (const char* text : {"[]", "1", "null", "\"{}\"", "{", ""}) EXPECT_FALSE(is_json_object(text)) << text;
}

}  // namespace
}  // namespace evh::testkit
