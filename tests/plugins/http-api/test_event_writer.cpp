#include "event_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "evh/text.hpp"
#include "random_seed.h"
#include "time_format.h"

namespace evh::http_api {
namespace {

evh_event event(std::int64_t id, std::int64_t user_id, std::string_view action, std::string_view metadata,
                evh_time created_at) {
  return {id, user_id, str(action), str(metadata), created_at};
}

std::string written(const evh_event& event) {
  std::string out;
  append_event_json(out, event);
  return out;
}

TEST(EventWriter, WritesTheEventOfTheDocumentation) {
  EXPECT_EQ(
      written(event(1, 123, "login", R"({"page":"/home"})", 1'735'734'896'000'000)),
      R"({"id":1,"user_id":123,"action":"login","metadata":{"page":"/home"},"created_at":"2025-01-01T12:34:56Z"})");
}

TEST(EventWriter, AppendsAndKeepsMetadataAsItIs) {
  std::string out = "[";
  append_event_json(out, event(INT64_MAX, INT64_MIN, "é\n", R"({ "n": 1.10 })", 1'735'734'896'120'000));
  EXPECT_EQ(out, R"([{"id":9223372036854775807,"user_id":-9223372036854775808,"action":"é\n","metadata":{ "n": 1.10 },)"
                 R"("created_at":"2025-01-01T12:34:56.12Z"})");
}

TEST(EventWriter, WritesAnEmptyObjectForNoMetadata) {
  EXPECT_NE(written(event(1, 1, "a", "", 0)).find(R"("metadata":{},)"), std::string::npos);
  evh_event without = event(1, 1, "a", "", 0);
  without.metadata = {nullptr, 0};
  without.action = {nullptr, 0};
  EXPECT_EQ(written(without), R"({"id":1,"user_id":1,"action":"","metadata":{},"created_at":"1970-01-01T00:00:00Z"})");
}

TEST(EventWriter, IsValidJsonForRandomEvents) {
  auto random = test::seeded_generator();
  for (int i = 0; i < 20'000; ++i) {
    std::string action(random() % 20, '\0');
    for (char& c : action) c = static_cast<char>(random());
    const auto id = static_cast<std::int64_t>(random());
    const auto user_id = static_cast<std::int64_t>(random() >> (random() % 64));
    const auto time = static_cast<evh_time>(random());
    const auto parsed = nlohmann::json::parse(written(event(id, user_id, action, R"({"a":[1]})", time)));
    ASSERT_EQ(parsed.size(), 5U);
    ASSERT_EQ(parsed.at("id").get<std::int64_t>(), id);
    ASSERT_EQ(parsed.at("user_id").get<std::int64_t>(), user_id);
    ASSERT_EQ(parsed.at("metadata").at("a").at(0), 1);
    ASSERT_TRUE(parse_time(parsed.at("created_at").get<std::string>()).has_value());
  }
}

}  // namespace
}  // namespace evh::http_api
