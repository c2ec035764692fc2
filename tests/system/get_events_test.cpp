// GET {BASE_PATH}/events, as a client sees it.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/stored_events.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

using nlohmann::json;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kNewYear = 1'735'689'600 * kSecond;        // 2025-01-01T00:00:00Z
constexpr std::int64_t kNoon = kNewYear + (12 * 3600) * kSecond;  // 2025-01-01T12:00:00Z

class GetEvents : public SystemTest {
 protected:
  std::string body_of(const std::string& query) const {
    const HttpResponse response = server_.ask(get_request("/api/events?" + query));
    EXPECT_EQ(response.status, 200) << query << '\n' << testing::PrintToString(response);
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    return response.body;
  }

  json events(const std::string& query) const { return json::parse(body_of(query)); }

  std::vector<std::string> actions(const std::string& query) const {
    std::vector<std::string> actions;
    for (const json& event : events(query)) actions.push_back(event["action"]);
    return actions;
  }

  const Server server_{folder_};
  StoredEvents stored_{folder_};
};

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    constexpr const char* kHex = "0123456789ABCDEF";
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.') {
      out += c;
    } else {
      out += {'%', kHex[static_cast<unsigned char>(c) >> 4], kHex[c & 0xF]};
    }
  }
  return out;
}

// The target in a Link header with one link, to the next page; empty when there is no header.
std::string next_page(const HttpResponse& response) {
  const std::string link = response.header("Link");
  if (link.empty()) return {};
  const std::string_view end = ">; rel=\"next\"";
  EXPECT_TRUE(link.starts_with('<') && link.ends_with(end)) << link;
  return link.substr(1, link.size() - 1 - end.size());
}

TEST_F(GetEvents, AnswersWithAnArrayOldestFirst) {
  stored_.insert(2, "later", R"({"b":[1,2]})", kNoon + 500'000);
  stored_.insert(123, "login", R"({"page":"/home"})", kNoon);
  EXPECT_EQ(body_of("from=2025-01-01&to=2025-01-02"),
            R"([{"id":2,"user_id":123,"action":"login","metadata":{"page":"/home"},)"
            R"("created_at":"2025-01-01T12:00:00Z"},)"
            R"({"id":1,"user_id":2,"action":"later","metadata":{"b":[1,2]},"created_at":"2025-01-01T12:00:00.5Z"}])");
}

TEST_F(GetEvents, AnswersWithAnEmptyArrayWhenThereAreNone) {
  EXPECT_EQ(body_of("from=2025-01-01&to=2025-01-02"), "[]");
}

TEST_F(GetEvents, ShowsTimesWithoutTrailingZeros) {
  const std::vector<std::pair<std::int64_t, std::string>> times{{0, "12:00:00Z"},
                                                                {1, "12:00:00.000001Z"},
                                                                {120, "12:00:00.00012Z"},
                                                                {100'000, "12:00:00.1Z"},
                                                                {999'999, "12:00:00.999999Z"}};
  for (const auto& [offset, shown] : times) stored_.insert(1, "a", "{}", kNoon + offset);
  const json found = events("from=2025-01-01&to=2025-01-02");
  ASSERT_EQ(found.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(found[i]["created_at"], "2025-01-01T" + times[i].second);
}

TEST_F(GetEvents, TakesBothBoundsAsInclusive) {
  for (int i = 0; i < 5; ++i) stored_.insert(1, std::to_string(i), "{}", kNoon + i);
  EXPECT_EQ(actions("from=2025-01-01T12:00:00.000001Z&to=2025-01-01T12:00:00.000003Z"),
            (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(GetEvents, FiltersByUserAndAction) {
  stored_.insert(1, "in", "{}", kNoon);
  stored_.insert(2, "in", "{}", kNoon + 1);
  stored_.insert(2, "out", "{}", kNoon + 2);
  const std::string day = "from=2025-01-01&to=2025-01-02";
  EXPECT_EQ(events(day + "&user_id=2").size(), 2U);
  EXPECT_EQ(events(day + "&action=in").size(), 2U);
  EXPECT_EQ(events(day + "&user_id=2&action=in").size(), 1U);
  EXPECT_EQ(body_of(day + "&user_id=3"), "[]");
  EXPECT_EQ(body_of(day + "&action=i"), "[]");
}

TEST_F(GetEvents, OrdersTiesById) {
  for (const char* action : {"1", "2", "3"}) stored_.insert(1, action, "{}", kNoon);
  const std::string day = "from=2025-01-01&to=2025-01-02";
  EXPECT_EQ(actions(day), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(actions(day + "&order=asc"), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(actions(day + "&order=desc"), (std::vector<std::string>{"3", "2", "1"}));
}

TEST_F(GetEvents, LimitsHowManyThereAre) {
  for (const char* action : {"1", "2", "3"}) stored_.insert(1, action, "{}", kNoon);
  const std::string day = "from=2025-01-01&to=2025-01-02";
  EXPECT_EQ(actions(day + "&limit=2"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(actions(day + "&order=desc&limit=1"), (std::vector<std::string>{"3"}));
  EXPECT_EQ(actions(day + "&limit=10000").size(), 3U);
}

TEST_F(GetEvents, LeadsThroughAllPagesByLink) {
  constexpr int kEvents = 100;
  for (int i = 0; i < kEvents; ++i) stored_.insert(1, "e " + std::to_string(i), "{}", kNoon + i / 3);
  for (const std::string order : {"asc", "desc"}) {
    const std::string query = "from=2025-01-01&to=2025-01-02&order=" + order;
    const json whole = events(query);
    ASSERT_EQ(whole.size(), std::size_t{kEvents});
    json collected = json::array();
    int pages = 0;
    for (std::string target = "/api/events?" + query + "&limit=7"; !target.empty() && pages < kEvents; ++pages) {
      const HttpResponse page = server_.ask(get_request(target));
      ASSERT_EQ(page.status, 200) << target << testing::PrintToString(page);
      for (const json& event : json::parse(page.body)) collected.push_back(event);
      target = next_page(page);
      EXPECT_TRUE(target.empty() || target.starts_with("/api/events?")) << target;
    }
    EXPECT_EQ(collected, whole) << order;
    EXPECT_EQ(pages, (kEvents + 6) / 7) << order;
  }
}

TEST_F(GetEvents, ExposesTheLinkToScripts) {
  for (int i = 0; i < 2; ++i) stored_.insert(1, "a", "{}", kNoon);
  const HttpResponse response = server_.ask(
      get_request("/api/events?from=2025-01-01&to=2025-01-02&limit=1", "Origin: http://localhost:3000\r\n"));
  EXPECT_NE(response.header("Link"), "");
  EXPECT_THAT(list_of(response.header("Access-Control-Expose-Headers")), testing::Contains("link"));
}

TEST_F(GetEvents, ReadsTimesInEveryFormat) {
  const std::int64_t day = kNewYear;
  const std::int64_t minute = kNewYear + (12 * 3600 + 34 * 60) * kSecond;
  const std::int64_t second = minute + 56 * kSecond;
  const std::vector<std::pair<std::string, std::int64_t>> times{
      {"2025-01-01", day},
      {"2025-01-01T12:34", minute},
      {"2025-01-01 12:34", minute},
      {"2025-01-01T12:34:56", second},
      {"2025-01-01 12:34:56", second},
      {"2025-01-01T12:34:56Z", second},
      {"2025-01-01T12:34:56.5Z", second + 500'000},
      {"2025-01-01T12:34:56.123456789Z", second + 123'456},
      {"2025-01-01T14:34:56+02:00", second},
      {"2025-01-01T10:04:56.000001-02:30", second + 1},
  };
  for (const std::int64_t at : {day, minute, second, second + 1, second + 123'456, second + 500'000}) {
    stored_.insert(1, std::to_string(at), "{}", at);
  }
  for (const auto& [text, at] : times) {
    std::string encoded = text;
    for (int encodings = 1; encodings <= 3; ++encodings) {
      encoded = percent_encoded(encoded);
      EXPECT_EQ(actions("from=" + encoded + "&to=" + encoded), std::vector<std::string>{std::to_string(at)}) << encoded;
    }
  }
}

TEST_F(GetEvents, ReadsAPlusThatIsNotEncoded) {
  stored_.insert(1, "noon", "{}", kNoon);
  const std::string time = "2025-01-01T14:00:00+02:00";
  EXPECT_EQ(actions("from=" + time + "&to=" + time), std::vector<std::string>{"noon"});
  EXPECT_EQ(actions("from=2025-01-01+12:00:00&to=2025-01-01+12:00:00"), std::vector<std::string>{"noon"});
}

TEST_F(GetEvents, SaysWhichParameterIsWrong) {
  struct Refusal {
    std::string query, error, details;
  };
  const std::string time = "invalid time format";
  const std::string parameter = "invalid parameter";
  const std::string day = "from=2025-01-01&to=2025-01-02";
  const std::vector<Refusal> refusals{
      {"", time, "invalid from parameter: empty time string"},
      {"to=2025-01-01", time, "invalid from parameter: empty time string"},
      {"from=&to=2025-01-01", time, "invalid from parameter: empty time string"},
      {"from=2025-01-01", time, "invalid to parameter: empty time string"},
      {"from=abc&to=2025-01-01", time, R"(invalid from parameter: unrecognized time format: "abc")"},
      {"from=2025-01-01&to=abc", time, R"(invalid to parameter: unrecognized time format: "abc")"},
      {"from=2025-02-30&to=2025-03-01", time, R"(invalid from parameter: unrecognized time format: "2025-02-30")"},
      {"from=2025-01-02&to=2025-01-01", time, "from must be before or equal to to"},
      {day + "&user_id=x", "invalid user_id", R"(user_id must be an integer, got "x")"},
      {day + "&user_id=1.5", "invalid user_id", R"(user_id must be an integer, got "1.5")"},
      {day + "&user_id=0", "validation failed", "user_id must be a positive integer"},
      {day + "&user_id=-1", "validation failed", "user_id must be a positive integer"},
      {day + "&order=up", parameter, R"(order must be asc or desc, got "up")"},
      {day + "&limit=0", parameter, R"(limit must be from 1 to 10000, got "0")"},
      {day + "&limit=x", parameter, R"(limit must be from 1 to 10000, got "x")"},
      {day + "&limit=10001", parameter, R"(limit must be from 1 to 10000, got "10001")"},
      {day + "&cursor=x", parameter, "cursor is not one that this service gave out"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_THAT(server_.ask(get_request("/api/events?" + refusal.query)), IsError(400, refusal.error, refusal.details))
        << refusal.query;
  }
}

TEST_F(GetEvents, AnswersAHeadWithoutABody) {
  stored_.insert(1, "a", "{}", kNoon);
  const std::string target = "/api/events?from=2025-01-01&to=2025-01-02";
  HttpConnection connection(server_.port());
  const HttpResponse head = connection.ask(request_bytes("HEAD", target), HttpConnection::Question::kHead);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Type"), "application/json");
  // A body behind the head would be taken for the next answer.
  EXPECT_EQ(json::parse(connection.ask(get_request(target)).body).size(), 1U);
  const HttpResponse refused = connection.ask(request_bytes("HEAD", "/api/events"), HttpConnection::Question::kHead);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(connection.ask(get_request("/healthz")).status, 200);
}

TEST_F(GetEvents, StreamsManyBlocksWhole) {
  constexpr std::int64_t kEvents = 20'000;
  stored_.fill(kEvents, kNoon);
  const json found = events("from=2025-01-01&to=2025-01-02");
  ASSERT_EQ(found.size(), static_cast<std::size_t>(kEvents));
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i]["id"], i + 1);
}

}  // namespace
}  // namespace evh::system_test
