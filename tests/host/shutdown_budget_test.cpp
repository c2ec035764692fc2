// Plugins that never come back: the process ends within its budget all the same, and says who held it up.
#include <signal.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

constexpr Milliseconds kBudget{600};

class ShutdownBudget : public HostRun {
 protected:
  void configure_with(const std::string& plugin) const {
    configure("- {id: first, plugin: steady}\n- {id: bad, plugin: " + plugin + "}\n- {id: last, plugin: steady}\n",
              "shutdown_timeout: " + std::to_string(kBudget.count()) + "ms");
  }

  // Ends it with SIGTERM, and checks that it took the budget and not much more.
  static Ended terminate(ChildProcess& process) {
    const auto begin = Clock::now();
    process.signal(SIGTERM);
    Ended ended = end_of(process);
    const auto took = Clock::now() - begin;
    EXPECT_GE(took, kBudget);
    EXPECT_LT(took, kBudget + Milliseconds(1000) * kSlowness);
    return ended;
  }

  static void expect_named(const Ended& ended, const std::string& step) {
    EXPECT_EQ(ended.exit_code, 1) << testing::PrintToString(ended);
    const auto lines =
        lines_of(ended.output, "the shutdown budget is over: the process ends without waiting for this plugin", "bad");
    ASSERT_EQ(lines.size(), 1U) << ended.output;
    EXPECT_EQ(lines.front().value("step", ""), step);
    EXPECT_EQ(lines.front().value("level", ""), "error");
  }
};

class EndlessPlugin : public ShutdownBudget, public testing::WithParamInterface<std::string> {};

TEST_P(EndlessPlugin, IsNamedWhenTheBudgetIsOver) {
  configure_with("endless-" + GetParam());
  const auto process = start_and_wait();
  const Ended ended = terminate(*process);
  expect_named(ended, GetParam());
  const auto warnings = lines_of(ended.output, "plugin overran its share of the shutdown budget", "bad");
  ASSERT_EQ(warnings.size(), 1U) << ended.output;
  EXPECT_EQ(warnings.front().value("step", ""), GetParam());
  EXPECT_LT(warnings.front().value("share_sec", 9.0), 0.6);
}

INSTANTIATE_TEST_SUITE_P(In, EndlessPlugin, testing::Values("drain", "stop", "destroy"),
                         [](const auto& test) { return std::string(test.param); });

class EndlessBeforeTheShutdown : public ShutdownBudget, public testing::WithParamInterface<std::string> {};

TEST_P(EndlessBeforeTheShutdown, DoesNotOutlastTheBudget) {
  configure_with("endless-" + GetParam());
  const auto process = start();
  ASSERT_TRUE(eventually([&] { return !lines_of(process->output(), GetParam(), "bad").empty(); }));
  expect_named(terminate(*process), GetParam());
}

INSTANTIATE_TEST_SUITE_P(In, EndlessBeforeTheShutdown, testing::Values("create", "start"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(ShutdownBudget, EndsAtOnceWithASecondSignalWhileAPluginStarts) {
  configure("- {id: bad, plugin: endless-start}\n", "shutdown_timeout: 1h");
  const auto process = start();
  ASSERT_TRUE(eventually([&] { return !lines_of(process->output(), "start", "bad").empty(); }));
  process->signal(SIGTERM);
  EXPECT_FALSE(process->wait_for_exit(Milliseconds(100)));
  process->signal(SIGINT);
  EXPECT_EQ(process->wait_for_exit(kPatience), 128 + SIGINT);
}

}  // namespace
}  // namespace evh::host_test
