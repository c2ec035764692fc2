// Plugins that fail once others are at work: those are ended in order, and the exit code is 1.
#include <signal.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FailingPlugin : public HostRun {
 protected:
  // "first" before it and "last" behind it.
  Ended run_between_steady_ones(const std::string& plugin) const {
    configure("- {id: first, plugin: steady}\n- {id: bad, plugin: " + plugin + "}\n- {id: last, plugin: steady}\n");
    return run_to_end();
  }

  // One error of the plugin, that says where it is configured.
  static void expect_error(const Ended& ended, const std::string& message, const std::string& error) {
    const std::vector<LogLine> lines = lines_of(ended.output, message, "bad");
    ASSERT_EQ(lines.size(), 1U) << testing::PrintToString(ended);
    EXPECT_EQ(lines.front().value("level", ""), "error");
    EXPECT_THAT(lines.front().value("error", ""), HasSubstr(error));
    EXPECT_EQ(lines.front().value("configured_at", ""), "events.yaml:6:3: bad");
  }
};

TEST_F(FailingPlugin, ThatFailsInCreateLeavesNothingBehind) {
  const Ended ended = run_between_steady_ones("create-fails");
  EXPECT_EQ(ended.exit_code, 1);
  expect_error(ended, "plugin could not be created", "the moon is in the wrong phase");
  EXPECT_THAT(steps_of(ended.output), ElementsAre("first create", "first stop", "first destroy"));
}

TEST_F(FailingPlugin, ThatThrowsInCreateFailsInCreate) {
  const Ended ended = run_between_steady_ones("throws-in-create");
  EXPECT_EQ(ended.exit_code, 1);
  expect_error(ended, "plugin could not be created", "this plugin throws");
  EXPECT_THAT(steps_of(ended.output), ElementsAre("first create", "first stop", "first destroy"));
}

TEST_F(FailingPlugin, ThatPublishesWhatItDoesNotDeclareFailsInCreate) {
  const Ended ended = run_between_steady_ones("publishes-undeclared");
  EXPECT_EQ(ended.exit_code, 1);
  expect_error(ended, "plugin could not be created", "'test.surprise/1', which the descriptor does not list");
}

TEST_F(FailingPlugin, ThatDoesNotPublishWhatItDeclaresIsDestroyed) {
  const Ended ended = run_between_steady_ones("publishes-nothing");
  EXPECT_EQ(ended.exit_code, 1);
  expect_error(ended, "plugin could not be created", "provides test.thing/1, but create did not publish it");
  EXPECT_THAT(steps_of(ended.output),
              ElementsAre("first create", "bad create", "bad stop", "first stop", "bad destroy", "first destroy"));
}

TEST_F(FailingPlugin, ThatFailsInStartEndsThoseThatHaveStarted) {
  const Ended ended = run_between_steady_ones("start-fails");
  EXPECT_EQ(ended.exit_code, 1);
  expect_error(ended, "plugin could not be started", "the database is on holiday");
  EXPECT_THAT(steps_of(ended.output), ElementsAre("first create", "bad create", "last create",  //
                                                  "first start", "bad start", "first drain",    //
                                                  "last stop", "bad stop", "first stop",        //
                                                  "last destroy", "bad destroy", "first destroy"));
  EXPECT_THAT(lines_of(ended.output, "ready"), testing::IsEmpty());
}

TEST_F(FailingPlugin, ThatThrowsInStartFailsInStart) {
  const Ended ended = run_between_steady_ones("throws-in-start");
  EXPECT_EQ(ended.exit_code, 1);
  expect_error(ended, "plugin could not be started", "this plugin throws");
}

class FailingAtTheEnd : public FailingPlugin, public testing::WithParamInterface<std::string> {};

TEST_P(FailingAtTheEnd, EndsTheOthersAllTheSame) {
  configure("- {id: first, plugin: steady}\n- {id: bad, plugin: throws-in-" + GetParam() +
            "}\n- {id: last, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 1);
  const std::string done = GetParam() + (GetParam() == "stop" ? "ped" : "ed");
  expect_error(ended, "plugin could not be " + done, "this plugin throws");
  const std::vector<std::string> steps = steps_of(ended.output);
  for (const char* step : {"first drain", "first stop", "first destroy", "last drain", "last stop", "last destroy"}) {
    EXPECT_EQ(std::count(steps.begin(), steps.end(), step), 1) << step;
  }
}

INSTANTIATE_TEST_SUITE_P(In, FailingAtTheEnd, testing::Values("drain", "stop", "destroy"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(FailingPlugin, ThatLeavesWorkUndoneInTimeIsAWarningOnly) {
  configure("- {id: bad, plugin: leaves-work}\n- {id: last, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  const auto lines = lines_of(ended.output, "plugin drained, but something was left unfinished", "bad");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().value("error", ""), "3 requests were left");
}

}  // namespace
}  // namespace evh::host_test
