// Plugins that end the process themselves: never with exit code 0, never without a word.
#include <signal.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

using testing::HasSubstr;

class ProcessEnd : public HostRun {
 protected:
  Ended run_with(const std::string& plugin) const {
    configure("- {id: bad, plugin: " + plugin + "}\n- {id: end, plugin: asks-to-end}\n");
    return run_to_end();
  }
};

constexpr const char* kExit =
    "a plugin called exit(), which only the host may: the process ends without stopping its plugins";

TEST_F(ProcessEnd, ByAPluginThatCallsExitInStartIsAFailure) {
  const Ended ended = run_with("exits-in-start");
  EXPECT_EQ(ended.exit_code, 1) << testing::PrintToString(ended);
  const auto lines = lines_of(ended.output, kExit, "bad");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().value("step", ""), "start");
}

TEST_F(ProcessEnd, ByAPluginThatCallsExitInStopIsAFailure) {
  const Ended ended = run_with("exits-in-stop");
  EXPECT_EQ(ended.exit_code, 1) << testing::PrintToString(ended);
  const auto lines = lines_of(ended.output, kExit, "bad");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().value("step", ""), "stop");
}

TEST_F(ProcessEnd, ByAThreadThatCallsExitIsAFailure) {
  configure("- {id: bad, plugin: exits-in-thread}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 1) << testing::PrintToString(ended);
  EXPECT_EQ(lines_of(ended.output, kExit).size(), 1U);
}

TEST_F(ProcessEnd, ByAnExceptionThatLeavesAThreadIsInTheLog) {
  const Ended ended = run_with("throws-in-thread");
  EXPECT_EQ(ended.exit_code, -SIGABRT) << testing::PrintToString(ended);
  const auto lines = lines_of(ended.output, "an exception left a thread: the process aborts");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines.front().value("error", ""), HasSubstr("this plugin throws"));
  // What came before it is not lost.
  EXPECT_EQ(lines_of(ended.output, "create", "end").size(), 1U);
}

TEST_F(ProcessEnd, DoesNotWaitForALibraryThatLingers) {
  configure("- {id: bad, plugin: endless-exit}\n- {id: end, plugin: asks-to-end}\n", "shutdown_timeout: 100ms");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 1) << testing::PrintToString(ended);
  EXPECT_THAT(ended.errors, HasSubstr("a destructor or exit handler of a plugin's library did not finish"));
}

TEST_F(ProcessEnd, BySignalWorksWhileALibraryLingers) {
  configure("- {id: bad, plugin: endless-exit}\n- {id: end, plugin: asks-to-end}\n", "shutdown_timeout: 1h");
  const auto process = start();
  ASSERT_TRUE(eventually([&] { return !lines_of(process->output(), "stopped").empty(); }));
  ASSERT_TRUE(eventually([&] {
    process->signal(SIGTERM);
    return !process->is_running();
  }));
  EXPECT_NE(process->wait_for_exit(kPatience), 0);
}

}  // namespace
}  // namespace evh::host_test
