// What the test host sees of broken contract: for each rule of violation.h, plugins that break it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "evh/event_store.h"
#include "evh/testkit/bystander_thread.h"
#include "evh/testkit/test_host.h"
#include "evh/text.hpp"
#include "plugins/puppet.h"

namespace evh::testkit {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

auto broken(const std::string& rule, const std::string& what) {
  return AllOf(Field("rule", &Violation::rule, rule), Field("what", &Violation::what, HasSubstr(what)));
}

// The violations of a rogue that does `what` and goes through its life, as far as it gets.
std::vector<Violation> violations_of(const std::string& what, Span drain_budget = 1s) {
  TestHost host;
  LoadedPlugin plugin = host.load(TEST_PLUGINS "rogue.so", {{"does", what}, {"password", "open sesame"}});
  if (plugin.create().ok() && plugin.start().ok()) (void)plugin.drain(drain_budget);
  plugin.drain_stop_and_destroy();
  return host.violations();
}

// A plugin through whose table the test calls the host.
class ViolationsTest : public testing::Test {
 protected:
  TestHost host;
  LoadedPlugin plugin = host.load(TEST_PLUGINS "puppet.so", {{"secret", "open sesame"}});

  void SetUp() override {
    plugin.create_and_start();
    table = plugin.service<puppet>().host;
  }

  void log(std::string_view message, std::vector<evh_log_field> fields = {}, std::int32_t level = EVH_LOG_INFO) const {
    table->log(table->self, level, str(message), fields.data(), fields.size());
  }

  const evh_host* table = nullptr;
};

TEST(Violations, NoneOfAPluginThatBehaves) {
  EXPECT_THAT(violations_of("nothing"), IsEmpty());
  EXPECT_THAT(violations_of("run a thread"), IsEmpty());
  EXPECT_THAT(violations_of("fail create"), IsEmpty());
  EXPECT_THAT(violations_of("fail start"), IsEmpty());
  EXPECT_THAT(violations_of("fail with an unknown code"), IsEmpty());
}

TEST(Violations, NameTheInstance) {
  TestHost host;
  LoadedPlugin plugin = host.load(TEST_PLUGINS "rogue.so", {{"does", "publish twice"}}, "third");
  EXPECT_TRUE(plugin.create().ok());
  ASSERT_THAT(host.violations(), SizeIs(1));
  EXPECT_EQ(host.violations().front().plugin, "third");
}

TEST(Violations, ExportsBeyondTheEntry) {
  TestHost host;
  LoadedPlugin plugin = host.load(TEST_PLUGINS "talkative.so");
  EXPECT_THAT(host.violations(), ElementsAre(broken("exports", "talkative_answer")));
}

TEST(Violations, PublishingWhatIsNotListed) {
  EXPECT_THAT(violations_of("publish unlisted"), ElementsAre(broken("publish", "without listing it")));
}

TEST(Violations, PublishingTwice) {
  EXPECT_THAT(violations_of("publish twice"), ElementsAre(broken("publish", "twice")));
}

TEST(Violations, PublishingNothing) {
  EXPECT_THAT(violations_of("publish no id"), ElementsAre(broken("publish", "NULL without listing it")));
  EXPECT_THAT(violations_of("publish no table"), ElementsAre(broken("publish", "with a table that is NULL")));
}

TEST(Violations, PublishingOutsideCreate) {
  EXPECT_THAT(violations_of("publish in start"), ElementsAre(broken("publish", "outside create")));
}

TEST(Violations, NotPublishingWhatIsListed) {
  EXPECT_THAT(violations_of("not publish"), ElementsAre(broken("publish", "did not publish test.rogue/1")));
}

TEST_F(ViolationsTest, PublishingThatFailsTellsThePlugin) {
  evh_error error{};
  EXPECT_EQ(table->publish(table->self, PUPPET_SERVICE, table, &error), EVH_INVALID);
  EXPECT_EQ(error.code, EVH_INVALID);
  EXPECT_THAT(error.message, HasSubstr("outside create"));
}

TEST(Violations, FindingBeforeStart) {
  EXPECT_THAT(violations_of("find in create"), ElementsAre(broken("find", "before start")));
}

TEST_F(ViolationsTest, FindingWhatIsNotNeeded) {
  EXPECT_EQ(table->find(table->self, "test.other/1"), nullptr);
  EXPECT_EQ(table->find_all(table->self, nullptr, nullptr, 0), 0U);
  EXPECT_THAT(host.violations(), ElementsAre(broken("find", "test.other/1"), broken("find", "NULL")));
  EXPECT_EQ(table->find(table->self, EVH_EVENT_STORE), nullptr) << "nobody provides it, which is no violation";
  EXPECT_THAT(host.violations(), SizeIs(2));
}

TEST_F(ViolationsTest, SettingsOfAnotherNameOrType) {
  std::int64_t integer = 0;
  double number = 0;
  evh_str text{};
  std::size_t count = 0;
  EXPECT_EQ(table->get_text(table->self, "no_such", &text), EVH_NOT_FOUND);
  EXPECT_EQ(table->get_text(table->self, "integer", &text), EVH_NOT_FOUND);
  EXPECT_EQ(table->get_int(table->self, "text", &integer), EVH_NOT_FOUND);
  EXPECT_EQ(table->get_number(table->self, "integer", &number), EVH_NOT_FOUND);
  EXPECT_EQ(table->get_list(table->self, "text", nullptr, 0, &count), EVH_NOT_FOUND);
  EXPECT_THAT(host.violations(),
              ElementsAre(broken("setting", "'no_such'"), broken("setting", "'integer'"), broken("setting", "'text'"),
                          broken("setting", "'integer'"), broken("setting", "'text'")));
}

TEST_F(ViolationsTest, SettingsOfTheRightTypeAreNone) {
  std::int64_t integer = 0;
  evh_str text{};
  for (const char* name : {"integer", "boolean", "duration", "bytes", "absent_integer"}) {
    EXPECT_EQ(table->get_int(table->self, name, &integer), EVH_OK) << name;
  }
  for (const char* name : {"text", "choice", "secret", "absent_text"}) {
    EXPECT_EQ(table->get_text(table->self, name, &text), EVH_OK) << name;
  }
  EXPECT_THAT(host.violations(), IsEmpty());
}

TEST_F(ViolationsTest, LogLinesOutOfTheContract) {
  log("a level", {}, 0);
  log("a level", {}, 5);
  log("a kind", {{str("key"), str("value"), 2, 0}});
  log("a key", {{str(""), str("value"), EVH_FIELD_TEXT, 0}});
  log("reserved", {{str("key"), str("value"), EVH_FIELD_TEXT, 1}});
  EXPECT_THAT(host.violations(),
              ElementsAre(broken("log", "level 0"), broken("log", "level 5"), broken("log", "'a kind'"),
                          broken("log", "'a key'"), broken("log", "'reserved'")));
}

TEST_F(ViolationsTest, SecretsInWhatOthersRead) {
  log("with open sesame in it");
  log("in a field", {{str("user"), str("open sesame"), EVH_FIELD_TEXT, 0}});
  table->set_health(table->self, EVH_DEGRADED, str("open sesame was refused"));
  table->request_shutdown(table->self, str("open sesame is wrong"));
  EXPECT_THAT(host.violations(),
              ElementsAre(broken("secret", "a log message"), broken("secret", "the log field 'user'"),
                          broken("secret", "set_health"), broken("secret", "request_shutdown")));
}

TEST(Violations, SecretsInAnError) {
  EXPECT_THAT(violations_of("fail with the secret"), ElementsAre(broken("secret", "the error of start")));
}

TEST_F(ViolationsTest, HealthOutOfTheContract) {
  table->set_health(table->self, 3, str("new"));
  table->set_health(table->self, -1, str(""));
  table->set_health(table->self, EVH_DEGRADED, str("two\nlines"));
  EXPECT_THAT(host.violations(),
              ElementsAre(broken("health", "health 3"), broken("health", "health -1"), broken("health", "one line")));
  EXPECT_EQ(plugin.health(), Health::kDegraded) << "a health that is none changes nothing";
}

TEST(Violations, WaitingOnTheHostsThread) {
  EXPECT_THAT(violations_of("wait in start"), ElementsAre(broken("wait", "on the host's thread")));
}

TEST(Violations, ErrorsThatAreNotFilledIn) {
  EXPECT_THAT(violations_of("fail silently"), ElementsAre(broken("error", "without filling")));
  EXPECT_THAT(violations_of("fail with another code"), ElementsAre(broken("error", "without filling")));
  EXPECT_THAT(violations_of("fail without an end"), ElementsAre(broken("error", "without filling")));
  EXPECT_THAT(violations_of("fail with no text"), ElementsAre(broken("error", "empty")));
  EXPECT_THAT(violations_of("fail with bytes"), ElementsAre(broken("error", "no UTF-8")));
  EXPECT_THAT(violations_of("succeed with an error"), ElementsAre(broken("error", "wrote to the caller's")));
}

TEST(Violations, DrainingBeyondTheBudget) {
  EXPECT_THAT(violations_of("drain too long", 1ms), ElementsAre(broken("drain", "of a budget of 1 ms")));
}

TEST(Violations, ThreadsThatAreLeft) {
  EXPECT_THAT(violations_of("leave a thread"), ElementsAre(broken("threads", "after stop")));
  EXPECT_THAT(violations_of("leave a thread after a failed create"),
              ElementsAre(broken("threads", "after the create that failed")));
}

TEST_F(ViolationsTest, ThreadsOfTheTestAreHeldAgainstThePluginUnlessTheySaySo) {
  const auto stop_beside_a_thread = [&](const auto& body) {
    std::atomic<bool> is_over = false;
    std::atomic<bool> runs = false;
    std::jthread thread([&] { body(runs, is_over); });
    ASSERT_TRUE(eventually([&] { return runs.load(); }));
    plugin.stop();
    is_over = true;
  };
  stop_beside_a_thread([](std::atomic<bool>& runs, const std::atomic<bool>& is_over) {
    const BystanderThread bystander;
    runs = true;
    (void)eventually([&] { return is_over.load(); });
  });
  EXPECT_THAT(host.violations(), IsEmpty());
  stop_beside_a_thread([](std::atomic<bool>& runs, const std::atomic<bool>& is_over) {
    runs = true;
    (void)eventually([&] { return is_over.load(); });
  });
  EXPECT_THAT(host.violations(), ElementsAre(broken("threads", "bystander_thread.h")));
}

TEST_F(ViolationsTest, CallsAfterDestroy) {
  plugin.drain_stop_and_destroy();
  ASSERT_THAT(host.violations(), IsEmpty());
  std::int64_t value = 0;
  log("too late");
  table->set_health(table->self, EVH_HEALTHY, str(""));
  table->request_shutdown(table->self, str("too late"));
  EXPECT_EQ(table->find(table->self, PUPPET_SERVICE), nullptr);
  EXPECT_EQ(table->wait_until(table->self, std::numeric_limits<evh_time>::max()), EVH_CANCELLED);
  EXPECT_EQ(table->get_int(table->self, "integer", &value), EVH_NOT_FOUND);
  EXPECT_THAT(host.violations(), ElementsAre(broken("lifecycle", "log"), broken("lifecycle", "set_health"),
                                             broken("lifecycle", "request_shutdown"), broken("find", "after destroy"),
                                             broken("lifecycle", "wait_until"), broken("lifecycle", "reads settings"),
                                             broken("setting", "'integer'")));
}

TEST(Violations, AreWrittenAsALine) {
  EXPECT_EQ(testing::PrintToString(Violation{"threads", "store", "a thread runs"}),
            "threads: plugin 'store': a thread runs");
}

}  // namespace
}  // namespace evh::testkit
