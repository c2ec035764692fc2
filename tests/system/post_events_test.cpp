// POST {BASE_PATH}/events, as a client sees it.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

class PostEvents : public SystemTest {
 protected:
  nlohmann::json stored() const { return nlohmann::json::parse(server_.ask(get_request(kAllEvents)).body); }

  const Server server_{folder_};
};

struct Refusal {
  std::string body;
  const char* error;
  const char* details;
};

constexpr const char* kInvalid = "invalid request";
constexpr const char* kValidation = "validation failed";

TEST_F(PostEvents, AnswersCreatedWithAnEmptyBody) {
  const HttpResponse response =
      server_.ask(post_request(R"({"user_id":123,"action":"login","metadata":{"page":"/home"}})"));
  EXPECT_THAT(response, IsCreated());
  EXPECT_EQ(response.reason, "Created");
  EXPECT_FALSE(response.has_header("Transfer-Encoding"));
  EXPECT_TRUE(response.has_header("Date"));
  EXPECT_NE(response.header("X-Request-Id"), "");
}

TEST_F(PostEvents, StoresWhatItWasGivenAndTheTime) {
  ASSERT_THAT(server_.ask(post_request(R"({"user_id":123,"action":"login","metadata":{"page":"/home"}})")),
              IsCreated());
  const nlohmann::json events = stored();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["id"], 1);
  EXPECT_EQ(events[0]["user_id"], 123);
  EXPECT_EQ(events[0]["action"], "login");
  EXPECT_EQ(events[0]["metadata"], nlohmann::json({{"page", "/home"}}));
  EXPECT_THAT(events[0]["created_at"].get<std::string>(),
              testing::MatchesRegex("20[0-9][0-9]-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9.]+Z"));
}

TEST_F(PostEvents, TakesAbsentAndNullMetadataForAnEmptyObject) {
  ASSERT_THAT(server_.ask(post_request(R"({"user_id":1,"action":"absent"})")), IsCreated());
  ASSERT_THAT(server_.ask(post_request(R"({"user_id":1,"action":"null","metadata":null})")), IsCreated());
  for (const nlohmann::json& event : stored()) EXPECT_EQ(event["metadata"], nlohmann::json::object()) << event;
}

TEST_F(PostEvents, IgnoresUnknownKeysAndTheContentType) {
  EXPECT_THAT(server_.ask(post_request(R"({"colour":[1,{"a":2}],"user_id":1,"id":99,"action":"a"})",
                                       "Content-Type: application/x-www-form-urlencoded\r\n")),
              IsCreated());
  EXPECT_EQ(stored()[0]["id"], 1);
}

TEST_F(PostEvents, KeepsTheWholeRangeOfUserIdsAndEveryCharacter) {
  const std::string action = R"(\"\\\u0001 \ud83d\ude00 é)";
  ASSERT_THAT(server_.ask(post_request(R"({"user_id":9223372036854775807,"action":")" + action + R"("})")),
              IsCreated());
  const nlohmann::json event = stored()[0];
  EXPECT_EQ(event["user_id"], 9223372036854775807);
  EXPECT_EQ(event["action"], nlohmann::json::parse('"' + action + '"'));
}

TEST_F(PostEvents, KeepsNumbersInMetadataExact) {
  ASSERT_THAT(server_.ask(post_request(
                  R"({"user_id":1,"action":"a","metadata":{"n":12345678901234567890.123456789,"big":1e400}})")),
              IsCreated());
  const std::string body = server_.ask(get_request(kAllEvents)).body;
  EXPECT_THAT(body, testing::HasSubstr("12345678901234567890.123456789"));
  EXPECT_THAT(body, testing::HasSubstr("1e400"));
}

TEST_F(PostEvents, TakesABodyInChunks) {
  EXPECT_THAT(server_.ask("POST /api/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "d;note=1\r\n{\"user_id\": 1\r\nf\r\n,\"action\": \"x\"}\r\n0\r\nTrailer: 1\r\n\r\n"),
              IsCreated());
  EXPECT_EQ(stored()[0]["action"], "x");
}

TEST_F(PostEvents, TakesABodyOfExactlyTheLimit) {
  constexpr std::size_t kLimit = 1024 * 1024;
  const std::string frame = R"({"user_id":1,"action":"a","metadata":{"x":""}})";
  std::string body = frame;
  body.insert(frame.size() - 3, kLimit - frame.size(), 'x');
  ASSERT_EQ(body.size(), kLimit);
  EXPECT_THAT(server_.ask(post_request(body)), IsCreated());
  EXPECT_EQ(stored()[0]["metadata"]["x"].get<std::string>().size(), kLimit - frame.size());
}

TEST_F(PostEvents, SaysWhereTheSyntaxIsWrong) {
  const std::vector<Refusal> refusals{
      {"", kInvalid, "unexpected end of JSON input"},
      {"{bad}", kInvalid, "invalid character 'b' looking for beginning of object key string"},
      {R"({"user_id":1,})", kInvalid, "invalid character '}' looking for beginning of object key string"},
      {"x", kInvalid, "invalid character 'x' looking for beginning of value"},
      {R"({"user_id":})", kInvalid, "invalid character '}' looking for beginning of value"},
      {R"({"user_id" 1})", kInvalid, "invalid character '1' after object key"},
      {R"({"user_id":1 "action":"a"})", kInvalid, "invalid character '\"' after object key:value pair"},
      {R"({"metadata":{"a":[1 2]}})", kInvalid, "invalid character '2' after array element"},
      {R"({"user_id":1,"action":"a"}{})", kInvalid, "invalid character '{' after top-level value"},
      {R"({"user_id":1,"action":"a")", kInvalid, "unexpected end of JSON input"},
      {R"({"user_id":1,"action":"a)", kInvalid, "unexpected end of JSON input"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_THAT(server_.ask(post_request(refusal.body)), IsError(400, refusal.error, refusal.details)) << refusal.body;
  }
  EXPECT_TRUE(stored().empty());
}

TEST_F(PostEvents, SaysWhichTypeIsWrong) {
  const std::vector<Refusal> refusals{
      {"[]", kInvalid, "the body must be a JSON object, got array"},
      {"7", kInvalid, "the body must be a JSON object, got number"},
      {R"({"user_id":"1","action":"a"})", kInvalid, "user_id must be an integer, got string"},
      {R"({"user_id":true,"action":"a"})", kInvalid, "user_id must be an integer, got boolean"},
      {R"({"user_id":1.5,"action":"a"})", kInvalid, "user_id must be an integer, got number 1.5"},
      {R"({"user_id":9223372036854775808,"action":"a"})", kInvalid,
       "user_id must be an integer of 64 bits, got number 9223372036854775808"},
      {R"({"user_id":1,"action":5})", kInvalid, "action must be a string, got number 5"},
      {R"({"user_id":1,"action":"a","metadata":[]})", kInvalid, "metadata must be a JSON object, got array"},
      {R"({"user_id":1,"action":"a","metadata":"{}"})", kInvalid, "metadata must be a JSON object, got string"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_THAT(server_.ask(post_request(refusal.body)), IsError(400, refusal.error, refusal.details)) << refusal.body;
  }
  EXPECT_TRUE(stored().empty());
}

TEST_F(PostEvents, RefusesInvalidUtf8) {
  EXPECT_THAT(server_.ask(post_request("{\"user_id\":1,\"action\":\"a\xff\"}")), IsErrorOf(400, kInvalid));
  EXPECT_TRUE(stored().empty());
}

TEST_F(PostEvents, ValidatesUserIdAndAction) {
  const std::vector<Refusal> refusals{
      {"{}", kValidation, "user_id must be a positive integer"},
      {R"({"action":"a"})", kValidation, "user_id must be a positive integer"},
      {R"({"user_id":0,"action":"a"})", kValidation, "user_id must be a positive integer"},
      {R"({"user_id":-5,"action":"a"})", kValidation, "user_id must be a positive integer"},
      {R"({"user_id":1})", kValidation, "action is required"},
      {R"({"user_id":1,"action":""})", kValidation, "action is required"},
      {R"({"user_id":1,"action":"a\u0000b"})", kValidation, "action must not contain NUL"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_THAT(server_.ask(post_request(refusal.body)), IsError(400, refusal.error, refusal.details)) << refusal.body;
  }
  EXPECT_TRUE(stored().empty());
}

TEST_F(PostEvents, KeepsTheConnectionOpenBehindARefusal) {
  HttpConnection connection(server_.port());
  EXPECT_EQ(connection.ask(post_request("{bad}")).status, 400);
  EXPECT_THAT(connection.ask(post_request(event_json(1, "after"))), IsCreated());
}

TEST_F(PostEvents, IsSeenByTheNextGet) {
  HttpConnection writer(server_.port());
  HttpConnection reader(server_.port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(writer.ask(post_request(event_json(i + 1, "seen"))), IsCreated());
    const std::string target = std::string(kAllEvents) + "&user_id=" + std::to_string(i + 1);
    EXPECT_EQ(nlohmann::json::parse(reader.ask(get_request(target)).body).size(), 1U);
  }
}

class RestartedServer : public SystemTest {};

TEST_F(RestartedServer, HasTheEventsOfTheOneBefore) {
  {
    const Server first(folder_);
    ASSERT_THAT(first.ask(post_request(event_json(7, "kept"))), IsCreated());
  }
  const Server second(folder_);
  const nlohmann::json events = nlohmann::json::parse(second.ask(get_request(kAllEvents)).body);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["action"], "kept");
}

}  // namespace
}  // namespace evh::system_test
