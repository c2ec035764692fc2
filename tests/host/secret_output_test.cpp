// A secret is in no output, whatever a plugin does with it.
#include <signal.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

constexpr const char* kSecret = "hunter2-and-more";

class SecretOutput : public HostRun {
 protected:
  static void expect_hidden(const Ended& ended) {
    EXPECT_EQ(ended.output.find(kSecret), std::string::npos) << ended.output;
    EXPECT_EQ(ended.errors.find(kSecret), std::string::npos) << ended.errors;
    EXPECT_NE((ended.output + ended.errors).find("***"), std::string::npos) << "nothing was shown at all";
  }
  void configure_blabber(const std::string& settings) const {
    configure("- {id: it, plugin: blabber, settings: {secret: '${SECRET}', " + settings + "}}\n");
  }
  const Environment environment_{{"SECRET", kSecret}};
};

TEST_F(SecretOutput, OfAPluginThatLogsItAndShowsItAsItsHealthAndItsReason) {
  configure_blabber("where: nowhere");
  const Ended ended = run_to_end(environment_);
  EXPECT_EQ(ended.exit_code, 0);
  expect_hidden(ended);
}

TEST_F(SecretOutput, OfAPluginThatFailsInCreate) {
  configure_blabber("where: create");
  const Ended ended = run_to_end(environment_);
  EXPECT_EQ(ended.exit_code, 1);
  expect_hidden(ended);
  EXPECT_NE(ended.output.find("cannot log in with ***"), std::string::npos) << ended.output;
}

TEST_F(SecretOutput, OfAPluginThatFailsInStart) {
  configure_blabber("where: start");
  const Ended ended = run_to_end(environment_);
  EXPECT_EQ(ended.exit_code, 1);
  expect_hidden(ended);
}

TEST_F(SecretOutput, OfThePlan) {
  configure_blabber("address: 'http://user:${SECRET}@host'");
  const Ended ended = run({"plan", "--config", kConfig}, environment_);
  EXPECT_EQ(ended.exit_code, 0);
  expect_hidden(ended);
  EXPECT_NE(ended.output.find("http://user:***@host"), std::string::npos) << ended.output;
}

TEST_F(SecretOutput, OfARefusal) {
  configure_blabber("where: '${SECRET}'");
  const Ended ended = run({"check", "--config", kConfig}, environment_);
  EXPECT_EQ(ended.exit_code, 2);
  expect_hidden(ended);
}

TEST_F(SecretOutput, OfARefusedSecret) {
  configure("- {id: it, plugin: configurable, settings: {pin: hunter2-and-more}}\n");
  const Ended ended = run({"check", "--config", kConfig});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(ended.errors.find(kSecret), std::string::npos);
  EXPECT_NE(ended.errors.find("'pin' must be an integer, got a secret that is not"), std::string::npos) << ended.errors;
}

TEST_F(SecretOutput, OfASecretNumberThatFallsBack) {
  configure("- {id: it, plugin: configurable, settings: {pin: '${SECRET}'}}\n- {id: end, plugin: asks-to-end}\n");
  const Ended ended = run_to_end(environment_);
  EXPECT_EQ(ended.exit_code, 0);
  expect_hidden(ended);
  EXPECT_EQ(ended.output.find("1234"), std::string::npos) << "its default is secret, too";
}

TEST_F(SecretOutput, OfWhatIsKnownOfAPlugin) {
  const Ended ended = run({"plugins", "show", HOST_TEST_PLUGINS "/configurable.so"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.output.find("1234"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("(secret)"), std::string::npos);
}

TEST_F(SecretOutput, OfTheServiceThatShowsTheSettings) {
  configure(
      "- {id: it, plugin: configurable, settings: {token: '${SECRET}', text: 'uses ${SECRET}', list: ['${SECRET}']}}\n"
      "- {id: eye, plugin: inspector}\n");
  const auto process = start_and_wait(environment_);
  const auto seen = [&] {
    for (const LogLine& line : lines_of(process->output(), "seen", "eye")) {
      if (line.value("id", "") == "it") return LogLine::parse(line.value("settings", ""), nullptr, false);
    }
    return LogLine();
  };
  ASSERT_TRUE(eventually([&] { return seen().is_object(); })) << process->output();
  EXPECT_EQ(seen().value("token", ""), "***");
  EXPECT_EQ(seen().value("pin", ""), "***");
  EXPECT_EQ(seen().value("text", ""), "uses ***");
  EXPECT_EQ(seen()["list"].at(0), "***");
  EXPECT_EQ(seen().value("integer", 0), 8080);
  process->signal(SIGTERM);
  const Ended ended = end_of(*process);
  EXPECT_EQ(ended.exit_code, 0);
  expect_hidden(ended);
}

}  // namespace
}  // namespace evh::host_test
