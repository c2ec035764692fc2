// The life of plugins that behave: order, services, health, states, the end.
#include <signal.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

using testing::ElementsAre;

class Lifecycle : public HostRun {
 protected:
  // What `user` says that it found, and all that it could have.
  static std::vector<std::string> of(const Ended& ended, const std::string& message, const std::string& user) {
    std::vector<std::string> found;
    for (const LogLine& line : lines_of(ended.output, message, user)) found.push_back(line.value("of", ""));
    return found;
  }
};

TEST_F(Lifecycle, StartsInTheOrderOfTheNeedsAndEndsInReverse) {
  configure(
      "- {id: top, plugin: user}\n"
      "- {id: beside, plugin: steady}\n"
      "- {id: ground, plugin: provider}\n"
      "- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
  EXPECT_THAT(steps_of(ended.output), ElementsAre("beside create", "ground create", "top create", "end create",  //
                                                  "beside start", "ground start", "top start", "end start",      //
                                                  "end drain", "top drain", "ground drain", "beside drain",      //
                                                  "end stop", "top stop", "ground stop", "beside stop",          //
                                                  "end destroy", "top destroy", "ground destroy", "beside destroy"));
}

TEST_F(Lifecycle, FindsTheProviderThatUsesNames) {
  configure(
      "- {id: a, plugin: provider}\n"
      "- {id: b, plugin: provider}\n"
      "- {id: c, plugin: provider}\n"
      "- {id: one, plugin: user, uses: {test.thing/1: b}}\n"
      "- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(of(ended, "found", "one"), ElementsAre("b"));
}

TEST_F(Lifecycle, GivesAllProvidersInTheOrderOfTheConfiguration) {
  configure(
      "- {id: z, plugin: provider}\n"
      "- {id: m, plugin: provider}\n"
      "- {id: a, plugin: provider}\n"
      "- {id: all, plugin: optional-user}\n"
      "- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(of(ended, "also", "all"), ElementsAre("z", "m", "a"));
  EXPECT_THAT(of(ended, "found", "all"), ElementsAre("z"));
}

TEST_F(Lifecycle, StartsWithoutAnOptionalNeed) {
  configure("- {id: one, plugin: optional-user}\n- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(of(ended, "found", "one"), ElementsAre("nobody"));
}

TEST_F(Lifecycle, MakesNoOrderOfAnOptionalNeed) {
  configure("- {id: one, plugin: optional-user}\n- {id: late, plugin: provider}\n- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(of(ended, "found", "one"), ElementsAre("late"));
  const std::vector<std::string> steps = steps_of(ended.output);
  EXPECT_LT(std::find(steps.begin(), steps.end(), "one start"), std::find(steps.begin(), steps.end(), "late start"));
}

TEST_F(Lifecycle, KeepsTwoInstancesOfOnePluginApart) {
  configure(
      "- {id: a, plugin: configurable, settings: {text: of a}}\n"
      "- {id: b, plugin: configurable, settings: {text: of b}}\n"
      "- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(lines_of(ended.output, "text", "a").at(0).value("value", ""), "of a");
  EXPECT_EQ(lines_of(ended.output, "text", "b").at(0).value("value", ""), "of b");
}

TEST_F(Lifecycle, HandsOverSettingsInTheUnitsOfTheContract) {
  configure(
      "- id: it\n"
      "  plugin: configurable\n"
      "  settings: {boolean: yes, duration: 1.5s, bytes: 2KiB, number: 0.25, list: [x, 'y, z'], choice: green}\n"
      "- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  const auto value = [&](const char* setting) {
    return lines_of(ended.output, setting, "it").at(0).value("value", "");
  };
  EXPECT_EQ(value("boolean"), "1");
  EXPECT_EQ(value("duration"), "1500000");
  EXPECT_EQ(value("bytes"), "2048");
  EXPECT_EQ(value("number"), "0.25");
  EXPECT_EQ(value("choice"), "green");
  EXPECT_EQ(value("text"), "hello");
  ASSERT_EQ(lines_of(ended.output, "list", "it").size(), 2U);
  EXPECT_EQ(lines_of(ended.output, "list", "it").at(1).value("value", ""), "y, z");
}

TEST_F(Lifecycle, SaysWhoAskedForTheShutdown) {
  configure("- {id: end, plugin: asks-to-end}\n- {id: never, plugin: steady}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  // Asked for while plugins start, it keeps those that have not from starting.
  EXPECT_THAT(steps_of(ended.output), testing::Not(testing::Contains("never start")));
  EXPECT_THAT(steps_of(ended.output), testing::Contains("never stop"));
  EXPECT_THAT(lines_of(ended.output, "ready"), testing::IsEmpty());
  const auto begins = lines_of(ended.output, "shutdown begins");
  ASSERT_EQ(begins.size(), 1U) << ended.output;
  EXPECT_EQ(begins.front().value("why", ""), "end: all is done");
}

TEST_F(Lifecycle, EndsGracefullyWithEitherSignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    configure("- {id: it, plugin: steady}\n");
    const auto process = start_and_wait();
    process->signal(signal);
    const Ended ended = end_of(*process);
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_EQ(ended.errors, "");
    EXPECT_THAT(steps_of(ended.output), ElementsAre("it create", "it start", "it drain", "it stop", "it destroy"));
    const auto why = lines_of(ended.output, "shutdown begins");
    ASSERT_EQ(why.size(), 1U);
    EXPECT_EQ(why.front().value("why", ""), signal == SIGTERM ? "SIGTERM" : "SIGINT");
  }
}

TEST_F(Lifecycle, SaysWhatEachPluginUsedOfTheShutdown) {
  configure("- {id: it, plugin: steady}\n- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end();
  for (const char* message : {"plugin started", "plugin drained", "plugin stopped"}) {
    const auto lines = lines_of(ended.output, message, "it");
    ASSERT_EQ(lines.size(), 1U) << message;
    EXPECT_TRUE(lines.front().contains("duration_sec")) << message;
  }
}

TEST_F(Lifecycle, ShowsHealthThatWasSetInCreate) {
  configure("- {id: sick, plugin: ailing}\n- {id: eye, plugin: inspector}\n");
  const auto process = start_and_wait();
  const auto seen = [&] {
    auto lines = lines_of(process->output(), "seen", "eye");
    std::erase_if(lines, [](const LogLine& line) { return line.value("id", "") != "sick"; });
    return lines;
  };
  ASSERT_TRUE(eventually([&] { return !seen().empty(); })) << process->output();
  const LogLine line = seen().front();
  EXPECT_EQ(line.value("name", ""), "ailing");
  EXPECT_EQ(line.value("health", -1), 2);
  const std::string why = line.value("why", "");
  EXPECT_TRUE(why.starts_with("\xEF\xBF\xBDxxx"));
  EXPECT_GE(why.size(), 998U);
  EXPECT_LE(why.size(), 1000U);
  const auto logged = lines_of(process->output(), "plugin health", "sick");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged.front().value("health", ""), "unhealthy");
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait_for_exit(kPatience), 0);
}

// States of evh/host_info.h.
constexpr int kStarted = 2, kDraining = 3;

TEST_F(Lifecycle, IsNotReadyFromTheMomentThatTheShutdownBegins) {
  configure("- {id: it, plugin: steady}\n- {id: eye, plugin: inspector}\n", "shutdown_delay: 1h");
  const auto process = start_and_wait();
  const auto state = [&] {
    int last = 0;
    for (const LogLine& line : lines_of(process->output(), "seen", "eye")) {
      if (line.value("id", "") == "it") last = line.value("state", 0);
    }
    return last;
  };
  ASSERT_TRUE(eventually([&] { return state() == kStarted; })) << process->output();
  process->signal(SIGTERM);
  // It is still at work: the thread that looks has not been cancelled.
  ASSERT_TRUE(eventually([&] { return state() == kDraining; })) << process->output();
  EXPECT_THAT(lines_of(process->output(), "wait cancelled"), testing::IsEmpty());
  EXPECT_THAT(steps_of(process->output()), testing::Not(testing::Contains("it drain")));
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait_for_exit(kPatience), 128 + SIGTERM);
}

TEST_F(Lifecycle, DrainsAfterTheDelay) {
  configure("- {id: it, plugin: steady}\n", "shutdown_delay: 50ms");
  const auto process = start_and_wait();
  process->signal(SIGTERM);
  const Ended ended = end_of(*process);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(steps_of(ended.output), testing::Contains("it drain"));
}

TEST_F(Lifecycle, CancelsWaitsWhenDrainingBegins) {
  configure("- {id: eye, plugin: inspector}\n");
  const auto process = start_and_wait();
  process->signal(SIGTERM);
  const Ended ended = end_of(*process);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(lines_of(ended.output, "wait cancelled", "eye").size(), 1U);
}

TEST_F(Lifecycle, EndsAtOnceWithASecondSignal) {
  configure("- {id: bad, plugin: endless-drain}\n", "shutdown_timeout: 1h");
  const auto process = start_and_wait();
  process->signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return !lines_of(process->output(), "shutdown begins").empty(); }));
  process->signal(SIGINT);
  const Ended ended = end_of(*process);
  EXPECT_EQ(ended.exit_code, 128 + SIGINT);
  EXPECT_EQ(lines_of(ended.output, "a second signal ends the process at once").size(), 1U);
}

TEST_F(Lifecycle, IsEndedBySignalBeforeAnythingIsStarted) {
  configure("- {id: bad, plugin: endless-open}\n");
  const auto process = start();
  // The library is being opened: it is mapped into the process.
  const std::string maps = "/proc/" + std::to_string(process->pid()) + "/maps";
  const auto is_open = [&] { return text_of(maps).find("endless-open.so") != std::string::npos; };
  ASSERT_TRUE(eventually(is_open));
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait_for_exit(kPatience), 128 + SIGTERM);
}

}  // namespace
}  // namespace evh::host_test
