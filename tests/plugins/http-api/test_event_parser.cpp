#include "event_parser.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

namespace evh::http_api {
namespace {

using namespace std::string_literals;

struct Refused {
  std::string body;
  std::string error;
  std::string details;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.body.substr(0, 80);
}

class EventParserRefuses : public testing::TestWithParam<Refused> {};

TEST_P(EventParserRefuses, TheBody) {
  ParsedEvent event;
  const auto error = parse_event(GetParam().body, event);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(*error, (ApiError{400, GetParam().error, GetParam().details}));
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, EventParserRefuses,
    testing::Values(
        Refused{"", "invalid request", "unexpected end of JSON input"},
        Refused{"{bad json}", "invalid request", "invalid character 'b' looking for beginning of object key string"},
        Refused{R"({"user_id": abc})", "invalid request", "invalid character 'a' looking for beginning of value"},
        Refused{R"({"user_id" 1})", "invalid request", "invalid character '1' after object key"},
        Refused{R"({"user_id":1 "action":"a"})", "invalid request",
                R"(invalid character '"' after object key:value pair)"},
        Refused{R"({"metadata":{"a":[1 2]}})", "invalid request", "invalid character '2' after array element"},
        Refused{R"({"user_id":1,"action":"a"} x)", "invalid request", "invalid character 'x' after top-level value"},
        Refused{R"({"user_id":1,"action":"a"}{})", "invalid request", "invalid character '{' after top-level value"},
        Refused{R"({"user_id":1,"action":"a")", "invalid request", "unexpected end of JSON input"},
        Refused{"\xEF\xBB\xBF{}", "invalid request", "invalid character 'ï' looking for beginning of value"},
        Refused{"{\"user_id\":1,\"action\":\"a\nb\"}", "invalid request",
                R"(invalid character '\n' in string literal)"},
        Refused{"{\"user_id\":1,\"action\":\"a\"}\0"s, "invalid request",
                R"(invalid character '\x00' after top-level value)"}));

INSTANTIATE_TEST_SUITE_P(Encoding, EventParserRefuses,
                         testing::Values(Refused{"{\"user_id\":1,\"action\":\"a\xFF\"}", "invalid request",
                                                 "invalid UTF-8 at byte offset 24"},
                                         Refused{"{\"\xC3\":1}", "invalid request", "invalid UTF-8 at byte offset 2"},
                                         Refused{"[\"\xED\xA0\x80\"]", "invalid request",
                                                 "invalid UTF-8 at byte offset 2"},
                                         Refused{"{\"user_id\":1,\"action\":\"a\",\"metadata\":{\"é\":\"\xE2\x82\"}}",
                                                 "invalid request", "invalid UTF-8 at byte offset 44"}));

INSTANTIATE_TEST_SUITE_P(
    Types, EventParserRefuses,
    testing::Values(
        Refused{"[]", "invalid request", "the body must be a JSON object, got array"},
        Refused{"null", "invalid request", "the body must be a JSON object, got null"},
        Refused{"12", "invalid request", "the body must be a JSON object, got number"},
        Refused{R"("a")", "invalid request", "the body must be a JSON object, got string"},
        Refused{" true", "invalid request", "the body must be a JSON object, got boolean"},
        Refused{R"({"user_id":"1","action":"a"})", "invalid request", "user_id must be an integer, got string"},
        Refused{R"({"user_id":1.5,"action":"a"})", "invalid request", "user_id must be an integer, got number 1.5"},
        Refused{R"({"user_id":1.0,"action":"a"})", "invalid request", "user_id must be an integer, got number 1.0"},
        Refused{R"({"user_id":1e3,"action":"a"})", "invalid request", "user_id must be an integer, got number 1e3"},
        Refused{R"({"user_id":true,"action":"a"})", "invalid request", "user_id must be an integer, got boolean"},
        Refused{R"({"user_id":[1],"action":"a"})", "invalid request", "user_id must be an integer, got array"},
        Refused{R"({"user_id":{},"action":"a"})", "invalid request", "user_id must be an integer, got object"},
        Refused{R"({"user_id":9223372036854775808,"action":"a"})", "invalid request",
                "user_id must be an integer of 64 bits, got number 9223372036854775808"},
        Refused{R"({"user_id":-9223372036854775809,"action":"a"})", "invalid request",
                "user_id must be an integer of 64 bits, got number -9223372036854775809"},
        Refused{R"({"user_id":99999999999999999999.5,"action":"a"})", "invalid request",
                "user_id must be an integer, got number 99999999999999999999.5"},
        Refused{"{\"user_id\":" + std::string(100'000, '9') + "}", "invalid request",
                "user_id must be an integer of 64 bits, got number " + std::string(40, '9') + "..."},
        Refused{R"({"user_id":1,"action":5})", "invalid request", "action must be a string, got number 5"},
        Refused{R"({"user_id":1,"action":["a"]})", "invalid request", "action must be a string, got array"},
        Refused{R"({"user_id":1,"action":"a","metadata":[]})", "invalid request",
                "metadata must be a JSON object, got array"},
        Refused{R"({"user_id":1,"action":"a","metadata":"{}"})", "invalid request",
                "metadata must be a JSON object, got string"},
        Refused{R"({"user_id":1,"action":"a","metadata":false})", "invalid request",
                "metadata must be a JSON object, got boolean"}));

INSTANTIATE_TEST_SUITE_P(
    Values, EventParserRefuses,
    testing::Values(
        Refused{"{}", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"user_id":null,"action":"a"})", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"user_id":0,"action":"a"})", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"user_id":-0,"action":"a"})", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"user_id":-5,"action":"a"})", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"action":"a"})", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"User_ID":1,"action":"a"})", "validation failed", "user_id must be a positive integer"},
        Refused{R"({"user_id":1})", "validation failed", "action is required"},
        Refused{R"({"user_id":1,"action":""})", "validation failed", "action is required"},
        Refused{R"({"user_id":1,"action":null})", "validation failed", "action is required"},
        Refused{R"({"user_id":1,"action":"a\u0000b"})", "validation failed", "action must not contain NUL"},
        Refused{R"({"user_id":1,"action":"\u0000"})", "validation failed", "action must not contain NUL"}));

INSTANTIATE_TEST_SUITE_P(
    OrderOfChecks, EventParserRefuses,
    testing::Values(Refused{R"({"user_id":"x","action":5,)", "invalid request", "unexpected end of JSON input"},
                    Refused{"{\"user_id\":\"\xFF\",}", "invalid request",
                            "invalid character '}' looking for beginning of object key string"},
                    Refused{"{\"user_id\":\"\xFF\"}", "invalid request", "invalid UTF-8 at byte offset 12"},
                    Refused{R"({"metadata":1,"user_id":"x","action":5})", "invalid request",
                            "metadata must be a JSON object, got number 1"},
                    Refused{R"({"action":5,"user_id":"x"})", "invalid request",
                            "action must be a string, got number 5"},
                    Refused{R"({"action":5,"user_id":0})", "invalid request", "action must be a string, got number 5"},
                    Refused{R"({"action":"","user_id":0})", "validation failed", "user_id must be a positive integer"},
                    Refused{R"({"user_id":"x","user_id":1,"action":"a"})", "invalid request",
                            "user_id must be an integer, got string"}));

ParsedEvent accepted(std::string_view body) {
  ParsedEvent event;
  const auto error = parse_event(body, event);
  EXPECT_FALSE(error.has_value()) << body << ": " << error.value_or(ApiError{}).details;
  return event;
}

TEST(EventParser, ReadsTheEventOfTheDocumentation) {
  const ParsedEvent event = accepted(R"({"user_id": 123, "action": "login", "metadata": {"page": "/home"}})");
  EXPECT_EQ(event.user_id, 123);
  EXPECT_EQ(event.action(), "login");
  EXPECT_EQ(event.metadata, R"({"page": "/home"})");
}

TEST(EventParser, KeepsMetadataAsTheClientWroteIt) {
  const std::string metadata =
      R"({ "n": 1.10, "big": 123456789012345678901234567890, "e":1E+2, "s":"\u00e9é", "a":[ ] })";
  EXPECT_EQ(accepted(R"({"metadata": )" + metadata + R"( ,"user_id":1,"action":"a"})").metadata, metadata);
}

TEST(EventParser, TakesMissingOrNullMetadataForAnEmptyObject) {
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"a"})").metadata, "{}");
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"a","metadata":null})").metadata, "{}");
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"a","metadata":{}})").metadata, "{}");
}

TEST(EventParser, ReadsIntegersUpToTheLastOne) {
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"a"})").user_id, 1);
  EXPECT_EQ(accepted(R"({"user_id":9223372036854775807,"action":"a"})").user_id, INT64_MAX);
}

TEST(EventParser, IgnoresUnknownKeys) {
  const ParsedEvent event = accepted(R"({"x":[1,{"user_id":"y"}],"user_id":1,"":null,"action":"a","user_id ":"z"})");
  EXPECT_EQ(event.user_id, 1);
  EXPECT_EQ(event.action(), "a");
}

TEST(EventParser, LetsTheLastOfEqualKeysCount) {
  const ParsedEvent event =
      accepted(R"({"user_id":1,"action":"a\n","metadata":{"a":1},"user_id":2,"action":"b","metadata":{"b":2}})");
  EXPECT_EQ(event.user_id, 2);
  EXPECT_EQ(event.action(), "b");
  EXPECT_EQ(event.metadata, R"({"b":2})");
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"a","metadata":{"a":1},"metadata":null})").metadata, "{}");

  ParsedEvent unused;
  EXPECT_TRUE(parse_event(R"({"user_id":1,"action":"a","user_id":null})", unused).has_value());
}

TEST(EventParser, ReadsKeysThatAreWrittenWithEscapes) {
  EXPECT_EQ(accepted(R"({"\u0075ser\u005fid":7,"action":"a"})").user_id, 7);
}

TEST(EventParser, DecodesTheAction) {
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"caf\u00e9 \"x\" \ud83d\ude00"})").action(), "café \"x\" 😀");
  EXPECT_EQ(accepted(R"({"user_id":1,"action":"\ud800"})").action(), "\uFFFD");
  EXPECT_EQ(accepted("{\"user_id\":1,\"action\":\"é\"}").action(), "é");
}

TEST(EventParser, LeavesNothingOfAnEarlierEventBehind) {
  ParsedEvent event;
  ASSERT_FALSE(parse_event(R"({"user_id":1,"action":"a\nb","metadata":{"x":1}})", event).has_value());
  ASSERT_FALSE(parse_event(R"({"user_id":2,"action":"c"})", event).has_value());
  EXPECT_EQ(event.user_id, 2);
  EXPECT_EQ(event.action(), "c");
  EXPECT_EQ(event.metadata, "{}");
}

TEST(EventParser, AnEventCanBeCopiedAndMoved) {
  const std::string body = R"({"user_id":1,"action":"\u0061b","metadata":{"x":1}})";
  ParsedEvent event = accepted(body);
  const ParsedEvent copy = event;
  const ParsedEvent moved = std::move(event);
  EXPECT_EQ(copy.action(), "ab");
  EXPECT_EQ(moved.action(), "ab");
  EXPECT_EQ(moved.metadata, R"({"x":1})");
}

}  // namespace
}  // namespace evh::http_api
