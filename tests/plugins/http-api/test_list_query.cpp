#include "list_query.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

namespace evh::http_api {
namespace {

constexpr evh_time kNewYear = 1'735'689'600'000'000;  // 2025-01-01T00:00:00Z
constexpr evh_time kDay = 86'400'000'000;

QueryString query_string(std::string_view raw) {
  QueryString query;
  const auto error = QueryString::parse(raw, query);
  EXPECT_FALSE(error.has_value()) << raw;
  return query;
}

ListQuery accepted(const std::string& raw) {
  ListQuery query;
  const auto error = parse_list_query(query_string(raw), query);
  EXPECT_FALSE(error.has_value()) << raw << ": " << error.value_or(ApiError{}).details;
  return query;
}

const std::string kRange = "from=2025-01-01&to=2025-01-02";

struct Refused {
  std::string raw;
  std::string error;
  std::string details;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.raw;
}

class ListQueryRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ListQueryRefuses, TheParameters) {
  ListQuery query;
  const auto error = parse_list_query(query_string(GetParam().raw), query);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(*error, (ApiError{400, GetParam().error, GetParam().details}));
}

INSTANTIATE_TEST_SUITE_P(
    Times, ListQueryRefuses,
    testing::Values(
        Refused{"", "invalid time format", "invalid from parameter: empty time string"},
        Refused{"from=&to=2025-01-01", "invalid time format", "invalid from parameter: empty time string"},
        Refused{"from=2025-01-01", "invalid time format", "invalid to parameter: empty time string"},
        Refused{"from=abc&to=def", "invalid time format", R"(invalid from parameter: unrecognized time format: "abc")"},
        Refused{"from=2025-01-01&to=abc", "invalid time format",
                R"(invalid to parameter: unrecognized time format: "abc")"},
        Refused{"from=2025-02-30&to=2025-03-01", "invalid time format",
                R"(invalid from parameter: unrecognized time format: "2025-02-30")"},
        Refused{"from=%22%0A&to=x", "invalid time format",
                R"(invalid from parameter: unrecognized time format: "\"\n")"},
        Refused{"from=abc&from=2025-01-01&to=2025-01-01", "invalid time format",
                R"(invalid from parameter: unrecognized time format: "abc")"},
        Refused{"from=2025-01-02&to=2025-01-01", "invalid time format", "from must be before or equal to to"}));

INSTANTIATE_TEST_SUITE_P(
    Users, ListQueryRefuses,
    testing::Values(Refused{kRange + "&user_id=abc", "invalid user_id", R"(user_id must be an integer, got "abc")"},
                    Refused{kRange + "&user_id=1.5", "invalid user_id", R"(user_id must be an integer, got "1.5")"},
                    Refused{kRange + "&user_id=1x", "invalid user_id", R"(user_id must be an integer, got "1x")"},
                    Refused{kRange + "&user_id=+1", "invalid user_id", R"(user_id must be an integer, got " 1")"},
                    Refused{kRange + "&user_id=9223372036854775808", "invalid user_id",
                            R"(user_id must be an integer, got "9223372036854775808")"},
                    Refused{kRange + "&user_id=0", "validation failed", "user_id must be a positive integer"},
                    Refused{kRange + "&user_id=-5", "validation failed", "user_id must be a positive integer"}));

INSTANTIATE_TEST_SUITE_P(
    Options, ListQueryRefuses,
    testing::Values(
        Refused{kRange + "&order=up", "invalid parameter", R"(order must be asc or desc, got "up")"},
        Refused{kRange + "&order=", "invalid parameter", R"(order must be asc or desc, got "")"},
        Refused{kRange + "&order=ASC", "invalid parameter", R"(order must be asc or desc, got "ASC")"},
        Refused{kRange + "&limit=x", "invalid parameter", R"(limit must be from 1 to 10000, got "x")"},
        Refused{kRange + "&limit=", "invalid parameter", R"(limit must be from 1 to 10000, got "")"},
        Refused{kRange + "&limit=0", "invalid parameter", R"(limit must be from 1 to 10000, got "0")"},
        Refused{kRange + "&limit=-1", "invalid parameter", R"(limit must be from 1 to 10000, got "-1")"},
        Refused{kRange + "&limit=10001", "invalid parameter", R"(limit must be from 1 to 10000, got "10001")"},
        Refused{kRange + "&limit=4294967297", "invalid parameter",
                R"(limit must be from 1 to 10000, got "4294967297")"},
        Refused{kRange + "&limit=1.0", "invalid parameter", R"(limit must be from 1 to 10000, got "1.0")"},
        Refused{kRange + "&cursor=", "invalid parameter", "cursor is not one that this service gave out"},
        Refused{kRange + "&cursor=abc", "invalid parameter", "cursor is not one that this service gave out"},
        Refused{kRange + "&cursor=" + encode_cursor({kNewYear, 1, EventOrder::kNewestFirst}), "invalid parameter",
                "cursor belongs to order=desc, but the request has order=asc"},
        Refused{kRange + "&order=desc&cursor=" + encode_cursor({kNewYear, 1, EventOrder::kOldestFirst}),
                "invalid parameter", "cursor belongs to order=asc, but the request has order=desc"},
        Refused{kRange + "&action=%00", "invalid parameter", "action must not contain NUL"},
        Refused{kRange + "&action=ab%FF", "invalid parameter", "action must be UTF-8, but is not at byte offset 2"}));

INSTANTIATE_TEST_SUITE_P(
    OrderOfChecks, ListQueryRefuses,
    testing::Values(
        Refused{"user_id=abc&limit=0", "invalid time format", "invalid from parameter: empty time string"},
        Refused{"user_id=abc&from=2025-01-01", "invalid time format", "invalid to parameter: empty time string"},
        Refused{"user_id=abc&from=2025-01-02&to=2025-01-01", "invalid time format",
                "from must be before or equal to to"},
        Refused{kRange + "&limit=0&user_id=-1&order=x", "validation failed", "user_id must be a positive integer"},
        Refused{kRange + "&action=%00&cursor=x&limit=0&order=x", "invalid parameter",
                R"(order must be asc or desc, got "x")"},
        Refused{kRange + "&action=%00&cursor=x&limit=0", "invalid parameter",
                R"(limit must be from 1 to 10000, got "0")"},
        Refused{kRange + "&action=%00&cursor=x", "invalid parameter", "cursor is not one that this service gave out"}));

TEST(ListQuery, NeedsARangeOnly) {
  const ListQuery query = accepted(kRange);
  EXPECT_EQ(query.from, kNewYear);
  EXPECT_EQ(query.to, kNewYear + kDay);
  EXPECT_EQ(query.user_id, std::nullopt);
  EXPECT_EQ(query.action, std::nullopt);
  EXPECT_EQ(query.order, EventOrder::kOldestFirst);
  EXPECT_EQ(query.limit, std::nullopt);
  EXPECT_EQ(query.cursor, std::nullopt);
}

TEST(ListQuery, ReadsEverything) {
  const Cursor cursor{kNewYear + 5, 42, EventOrder::kNewestFirst};
  const ListQuery query = accepted(
      kRange + "&user_id=7&order=desc&limit=10000&action=caf%C3%A9+x&unknown=%FF&cursor=" + encode_cursor(cursor));
  EXPECT_EQ(query.user_id, 7);
  EXPECT_EQ(query.action, "café x");
  EXPECT_EQ(query.order, EventOrder::kNewestFirst);
  EXPECT_EQ(query.limit, 10'000U);
  EXPECT_EQ(query.cursor, cursor);
}

TEST(ListQuery, AllowsARangeOfOneMoment) {
  EXPECT_EQ(accepted("from=2025-01-01&to=2025-01-01").to, kNewYear);
}

TEST(ListQuery, ReadsAnOffsetWhoseSignWasDecodedAway) {
  EXPECT_EQ(accepted("from=2025-01-01T02:00:00+02:00&to=2025-01-02").from, kNewYear);
  EXPECT_EQ(accepted("from=2025-01-01T02%3A00%3A00%2B02%3A00&to=2025-01-02").from, kNewYear);
  EXPECT_EQ(accepted("from=2025-01-01T02%25253A00%25253A00%25252B02%25253A00&to=2025-01-02").from, kNewYear);
}

TEST(ListQuery, TakesABlankUserOrActionForNone) {
  const ListQuery query = accepted(kRange + "&user_id=&action=");
  EXPECT_EQ(query.user_id, std::nullopt);
  EXPECT_EQ(query.action, std::nullopt);
}

TEST(ListQuery, LetsTheFirstOfEqualParametersCount) {
  EXPECT_EQ(accepted(kRange + "&limit=5&limit=x").limit, 5U);
}

TEST(ListQuery, ForgetsAnEarlierOne) {
  ListQuery query = accepted(kRange + "&user_id=7&limit=5&action=a");
  ASSERT_FALSE(parse_list_query(query_string(kRange), query).has_value());
  EXPECT_EQ(query.user_id, std::nullopt);
  EXPECT_EQ(query.limit, std::nullopt);
  EXPECT_EQ(query.action, std::nullopt);
}

TEST(ToScan, AsksTheStoreTheSame) {
  const ListQuery query = accepted(kRange + "&user_id=7&order=desc&limit=3&action=login&cursor=" +
                                   encode_cursor({kNewYear + 5, 42, EventOrder::kNewestFirst}));
  const evh_scan scan = to_scan(query);
  EXPECT_EQ(*scan.user_id, 7);
  EXPECT_EQ(std::string_view(scan.action.data, scan.action.size), "login");
  EXPECT_EQ(scan.from, kNewYear);
  EXPECT_EQ(scan.to, kNewYear + kDay);
  EXPECT_EQ(scan.descending, 1);
  EXPECT_EQ(scan.after_time, kNewYear + 5);
  EXPECT_EQ(scan.after_id, 42);
  EXPECT_EQ(scan.limit, 3U);
}

TEST(ToScan, LeavesOutWhatWasNotAsked) {
  const ListQuery query = accepted(kRange);
  const evh_scan scan = to_scan(query);
  EXPECT_EQ(scan.user_id, nullptr);
  EXPECT_EQ(scan.action.data, nullptr);
  EXPECT_EQ(scan.descending, 0);
  EXPECT_EQ(scan.after_id, 0);
  EXPECT_EQ(scan.limit, 0U);
}

TEST(NextPageTarget, RepeatsTheQueryWithTheNewCursor) {
  const Cursor end{kNewYear, 42, EventOrder::kOldestFirst};
  const std::string old_cursor = encode_cursor({kNewYear, 1, EventOrder::kOldestFirst});
  const QueryString query =
      query_string("from=2025-01-01T00:00:00%2B02:00&to=2025-01-02&cursor=" + old_cursor + "&limit=5&x=%20%26");
  EXPECT_EQ(
      next_page_target("/api/events", query, end),
      "/api/events?from=2025-01-01T00%3A00%3A00%2B02%3A00&to=2025-01-02&limit=5&x=%20%26&cursor=" + encode_cursor(end));
}

TEST(NextPageTarget, AsksTheSameQuestion) {
  const std::string raw = kRange + "&user_id=7&limit=3&action=caf%C3%A9+%26x";
  const Cursor end{kNewYear + 9, 43, EventOrder::kOldestFirst};
  const std::string target = next_page_target("/events", query_string(raw), end);
  const ListQuery next = accepted(target.substr(target.find('?') + 1));
  EXPECT_EQ(next.from, kNewYear);
  EXPECT_EQ(next.user_id, 7);
  EXPECT_EQ(next.limit, 3U);
  EXPECT_EQ(next.action, "café &x");
  EXPECT_EQ(next.cursor, end);
}

TEST(NextPageTarget, LetsNothingOutOfItsBrackets) {
  const QueryString query = query_string("a%0D%0ASet-Cookie:x=%3E;rel=evil,%22&%3Cb%3E=%00%FF");
  const std::string target = next_page_target("/a>\r\nX: y\"", query, {0, 1, EventOrder::kOldestFirst});
  EXPECT_EQ(target.find_first_of("<>\"\r\n "), std::string::npos) << target;
  for (const char c : target) EXPECT_TRUE(c > ' ' && c < '\x7F') << target;
}

TEST(NextPageTarget, NeverNamesAnotherHost) {
  const Cursor end{0, 1, EventOrder::kOldestFirst};
  EXPECT_EQ(next_page_target("//evil.example/events", {}, end), "/evil.example/events?cursor=" + encode_cursor(end));
  EXPECT_EQ(next_page_target("http://evil.example/", {}, end), "/http://evil.example/?cursor=" + encode_cursor(end));
  EXPECT_EQ(next_page_target("", {}, end), "/?cursor=" + encode_cursor(end));
}

}  // namespace
}  // namespace evh::http_api
