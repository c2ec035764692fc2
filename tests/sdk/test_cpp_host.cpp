#include "evh/host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "evh/testkit/test_host.h"
#include "plugins/puppet.h"

namespace evh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::string value_of(const Field& field) {
  const evh_log_field raw = field.raw();
  EXPECT_EQ(raw.reserved, 0U);
  return std::string(raw.kind == EVH_FIELD_JSON ? "json " : "text ") + std::string(view(raw.value));
}

TEST(Field, KeepsTextsAsTexts) {
  EXPECT_EQ(value_of({"key", "5"}), "text 5");
  EXPECT_EQ(value_of({"key", std::string("a\0b", 3)}), "text " + std::string("a\0b", 3));
  EXPECT_EQ(value_of({"key", std::string_view()}), "text ");
  EXPECT_NE(Field("key", std::string_view()).raw().value.data, nullptr) << "empty, not absent";
  EXPECT_EQ(view(Field("key", "5").raw().key), "key");
}

TEST(Field, WritesNumbersAndBooleansAsJson) {
  EXPECT_EQ(value_of({"key", 0}), "json 0");
  EXPECT_EQ(value_of({"key", -7}), "json -7");
  EXPECT_EQ(value_of({"key", std::uint8_t{200}}), "json 200");
  EXPECT_EQ(value_of({"key", std::numeric_limits<std::int64_t>::min()}), "json -9223372036854775808");
  EXPECT_EQ(value_of({"key", std::numeric_limits<std::uint64_t>::max()}), "json 18446744073709551615");
  EXPECT_EQ(value_of({"key", true}), "json true");
  EXPECT_EQ(value_of({"key", false}), "json false");
  EXPECT_EQ(value_of({"key", 0.1}), "json 0.1");
  EXPECT_EQ(value_of({"key", -1.7976931348623157e308}), "json -1.7976931348623157e+308");
  EXPECT_EQ(value_of({"key", 5e-324}), "json 5e-324");
}

TEST(Field, WritesWhatJsonHasNoNumberForAsNull) {
  EXPECT_EQ(value_of({"key", std::numeric_limits<double>::quiet_NaN()}), "json null");
  EXPECT_EQ(value_of({"key", -std::numeric_limits<double>::infinity()}), "json null");
}

TEST(Field, MayBeCopied) {
  const Field number("key", 42);
  const Field copy = number;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(value_of(copy), "json 42");
  EXPECT_NE(copy.raw().value.data, number.raw().value.data) << "the digits are its own";
}

class HostTest : public testing::Test {
 protected:
  testkit::TestHost test_host;
  testkit::LoadedPlugin plugin = test_host.load(TEST_PLUGINS "puppet.so");

  void SetUp() override { plugin.create_and_start(); }
  [[nodiscard]] Host host() const { return Host(plugin.service<puppet>().host); }
};

TEST_F(HostTest, LogsFieldsOfEachKind) {
  host().warn("message", {{"text", "a"}, {"number", 1}, {"yes", true}});
  const auto logs = test_host.logs();
  ASSERT_THAT(logs, SizeIs(1));
  EXPECT_EQ(logs[0].message, "message");
  EXPECT_EQ(logs[0].level, Level::kWarn);
  EXPECT_THAT(logs[0].fields, ElementsAre(Pair("number", "1"), Pair("text", "a"), Pair("yes", "true")));
}

TEST_F(HostTest, LogsAtEachLevel) {
  host().debug("debug");
  host().info("info");
  host().warn("warn");
  host().error("error");
  const auto logs = test_host.logs();
  ASSERT_THAT(logs, SizeIs(4));
  EXPECT_EQ(logs[0].level, Level::kDebug);
  EXPECT_EQ(logs[1].level, Level::kInfo);
  EXPECT_EQ(logs[2].level, Level::kWarn);
  EXPECT_EQ(logs[3].level, Level::kError);
}

TEST_F(HostTest, LogsTheFirst16Fields) {
  host().info("many", {{"01", 1},
                       {"02", 1},
                       {"03", 1},
                       {"04", 1},
                       {"05", 1},
                       {"06", 1},
                       {"07", 1},
                       {"08", 1},
                       {"09", 1},
                       {"10", 1},
                       {"11", 1},
                       {"12", 1},
                       {"13", 1},
                       {"14", 1},
                       {"15", 1},
                       {"16", 1},
                       {"17", 1}});
  const auto logs = test_host.logs();
  ASSERT_THAT(logs, SizeIs(1));
  EXPECT_THAT(logs[0].fields, SizeIs(16));
  EXPECT_FALSE(logs[0].fields.contains("17"));
}

TEST_F(HostTest, ThrowsForASettingThatIsNotDeclared) {
  EXPECT_THROW((void)host().text("integer"), Error);
  EXPECT_THROW((void)host().integer("no_such"), Error);
  EXPECT_THROW((void)host().number("no_such"), Error);
  EXPECT_THROW((void)host().list("no_such"), Error);
  try {
    (void)host().boolean("no_such");
    FAIL() << "it did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), EVH_INTERNAL);
    EXPECT_THAT(error.what(), HasSubstr("'no_such'"));
  }
}

TEST_F(HostTest, FindsNothingWhereNobodyProvides) {
  EXPECT_EQ(host().find<evh_event_store>(), nullptr);
  EXPECT_THAT(host().find_all<evh_event_store>(), IsEmpty());
  try {
    (void)host().need<evh_event_store>();
    FAIL() << "it did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), EVH_NOT_FOUND);
    EXPECT_THAT(error.what(), HasSubstr(EVH_EVENT_STORE));
  }
}

TEST_F(HostTest, ThrowsWhenPublishingFails) {
  const evh_event_store store{};
  EXPECT_THROW(host().publish(store), Error) << "outside create";
}

TEST_F(HostTest, TellsTheTestHostsTime) {
  test_host.clock().advance(std::chrono::hours{1});
  EXPECT_EQ(host().now(), test_host.clock().now());
  EXPECT_TRUE(host().wait_until(host().now()));
}

TEST_F(HostTest, SetsHealth) {
  host().set_health(Health::kUnhealthy, "the disk is full");
  EXPECT_EQ(plugin.health(), Health::kUnhealthy);
  EXPECT_EQ(plugin.health_reason(), "the disk is full");
  host().set_health(Health::kHealthy);
  EXPECT_EQ(plugin.health_reason(), "");
}

}  // namespace
}  // namespace evh
