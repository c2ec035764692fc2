#include "query_string.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "percent_encoding.h"
#include "random_seed.h"

namespace evh::http_api {
namespace {

using namespace std::string_literals;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs parsed(std::string_view raw) {
  QueryString query;
  const auto error = QueryString::parse(raw, query);
  EXPECT_FALSE(error.has_value()) << raw << ": " << error.value_or(ApiError{}).details;
  Pairs pairs;
  for (const QueryParameter& parameter : query.parameters()) pairs.emplace_back(parameter.name, parameter.value);
  return pairs;
}

TEST(QueryString, SplitsAndDecodes) {
  EXPECT_EQ(parsed(""), Pairs{});
  EXPECT_EQ(parsed("a=1"), (Pairs{{"a", "1"}}));
  EXPECT_EQ(parsed("a=1&b=2"), (Pairs{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(parsed("a=1+2%203&b+c=%2B%25%26%3D"), (Pairs{{"a", "1 2 3"}, {"b c", "+%&="}}));
  EXPECT_EQ(parsed("caf%C3%A9=%e2%82%ac"), (Pairs{{"café", "€"}}));
  EXPECT_EQ(parsed("a=b=c"), (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(parsed("a;b=1"), (Pairs{{"a;b", "1"}}));
  EXPECT_EQ(parsed("a=%00%FF"), (Pairs{{"a", "\0\xFF"s}}));
}

TEST(QueryString, AllowsEmptyPartsNamesAndValues) {
  EXPECT_EQ(parsed("&&a&b=&=c&"), (Pairs{{"a", ""}, {"b", ""}, {"", "c"}}));
}

TEST(QueryString, DecodesOnlyOnce) {
  EXPECT_EQ(parsed("a=%2541"), (Pairs{{"a", "%41"}}));
}

TEST(QueryString, FindsTheFirstOfEqualNames) {
  QueryString query;
  ASSERT_FALSE(QueryString::parse("a=1&b=&a=2", query).has_value());
  EXPECT_EQ(query.find("a"), "1");
  EXPECT_EQ(query.find("b"), "");
  EXPECT_EQ(query.find("c"), std::nullopt);
}

TEST(QueryString, RefusesMalformedPercentEncodingAndNamesIt) {
  const std::vector<std::pair<std::string_view, std::string_view>> queries = {
      {"from=%", R"(malformed percent-encoding in parameter "from": "%")"},
      {"a=1&from=x%2", R"(malformed percent-encoding in parameter "from": "x%2")"},
      {"from=%2&to=1", R"(malformed percent-encoding in parameter "from": "%2")"},
      {"x=%zz", R"(malformed percent-encoding in parameter "x": "%zz")"},
      {"x=%+1", R"(malformed percent-encoding in parameter "x": "%+1")"},
      {"x%4=1", R"(malformed percent-encoding in the name "x%4")"}};
  for (const auto& [raw, details] : queries) {
    QueryString query;
    const auto error = QueryString::parse(raw, query);
    ASSERT_TRUE(error.has_value()) << raw;
    EXPECT_EQ(*error, (ApiError{400, "invalid parameter", std::string(details)}));
  }
}

TEST(QueryString, BoundsTheNumberOfParameters) {
  std::string raw;
  for (std::size_t i = 0; i < QueryString::kMaxParameters; ++i) raw += "&a=1&";
  EXPECT_EQ(parsed(raw).size(), QueryString::kMaxParameters);

  QueryString query;
  const auto error = QueryString::parse(raw + "b", query);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(*error, (ApiError{400, "invalid parameter", "a query has at most 64 parameters, got more"}));
}

TEST(QueryString, ForgetsAnEarlierQuery) {
  QueryString query;
  ASSERT_FALSE(QueryString::parse("a=1", query).has_value());
  ASSERT_FALSE(QueryString::parse("b=2", query).has_value());
  EXPECT_EQ(query.find("a"), std::nullopt);
}

TEST(PercentEncoding, LeavesOnlyUnreservedCharacters) {
  std::string out;
  append_percent_encoded(out, "aZ09-._~ +/?#[]@!$&'()*,;=%<>\"\r\n\0é"s);
  EXPECT_EQ(out, "aZ09-._~%20%2B%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2C%3B%3D%25%3C%3E%22%0D%0A%00%C3%A9");
}

TEST(PercentEncoding, IsDecodedToTheSameBytes) {
  auto random = test::seeded_generator();
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 32, '\0');
    for (char& c : text) c = static_cast<char>(random());
    std::string encoded;
    append_percent_encoded(encoded, text);
    ASSERT_EQ(decode_form(encoded), text);
  }
}

TEST(PercentEncoding, LeavesAWellFormedPathAlone) {
  const auto encoded = [](std::string_view path) {
    std::string out;
    append_encoded_path(out, path);
    return out;
  };
  EXPECT_EQ(encoded("/api/events"), "/api/events");
  EXPECT_EQ(encoded("/a%20b/%C3%A9;x=1"), "/a%20b/%C3%A9;x=1");
  EXPECT_EQ(encoded("/a>b\r\nX: y?z#\"%"), "/a%3Eb%0D%0AX:%20y%3Fz%23%22%25");
  EXPECT_EQ(encoded("/%4/%zz"), "/%254/%25zz");
}

}  // namespace
}  // namespace evh::http_api
