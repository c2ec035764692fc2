// What is wrong in the YAML file, in a setting or in the environment: one line that says where and what to do.
#include <sys/stat.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

using testing::HasSubstr;

class RefusedConfiguration : public HostRun {
 protected:
  // The whole file.
  Ended check_file(const std::string& yaml) const {
    write(kConfig, yaml);
    return run_to_end();
  }
  // `settings` of the plugin `configurable`, which begin in column 42 of line 5.
  Ended check_setting(const std::string& setting, const Environment& environment = {}) const {
    configure("- {id: it, plugin: configurable, settings: {" + setting + "}}\n");
    return run_to_end(environment);
  }
};

TEST_F(RefusedConfiguration, ThatIsNotThere) {
  EXPECT_THAT(run({"run", "--config", "absent.yaml"}),
              IsRefusedWith(Line("absent.yaml: cannot be read: No such file or directory", "--config FILE")));
}

TEST_F(RefusedConfiguration, ThatNobodyNamed) {
  EXPECT_THAT(run({"run"}), IsRefusedWith(Line("no configuration", "config/standalone.yaml", "--config FILE")));
}

TEST_F(RefusedConfiguration, ThatIsAFolder) {
  EXPECT_THAT(run({"run", "--config", "."}), IsRefusedWith(Line(".: is no regular file")));
}

TEST_F(RefusedConfiguration, ThatIsAFifoWithoutAWriter) {
  ASSERT_EQ(::mkfifo(path_of("fifo").c_str(), 0600), 0);
  EXPECT_THAT(run({"run", "--config", "fifo"}), IsRefusedWith(Line("fifo: is no regular file")));
}

TEST_F(RefusedConfiguration, ThatIsEmpty) {
  EXPECT_THAT(check_file("# nothing yet\n"), IsRefusedWith(Line("events.yaml: is empty", "under 'plugins:'")));
}

TEST_F(RefusedConfiguration, ThatIsNoYaml) {
  EXPECT_THAT(check_file("plugins:\n\t- {id: a, plugin: steady}\n"),
              IsRefusedWith(Line("events.yaml:2:2: is no valid YAML", "Look at this line")));
}

TEST_F(RefusedConfiguration, WithUnknownKeys) {
  EXPECT_THAT(check_file("plugin: []\n"),
              IsRefusedWith(Line("events.yaml:1:1: ", "'plugin'", "did you mean 'plugins'?")));
  EXPECT_THAT(check_file("host: {log_levle: info}\nplugins: [{id: a, plugin: steady}]\n"),
              IsRefusedWith(Line("events.yaml:1:8: host: setting 'log_levle' is unknown; did you mean 'log_level'?")));
  EXPECT_THAT(check_file("plugins:\n- {id: a, plugin: steady, setings: {}}\n"),
              IsRefusedWith(Line("events.yaml:2:27: ", "'setings'", "did you mean 'settings'?")));
}

TEST_F(RefusedConfiguration, WithTheSameIdTwice) {
  configure("- {id: a, plugin: steady}\n- {id: a, plugin: steady}\n");
  EXPECT_THAT(run_to_end(), IsRefusedWith(Line("events.yaml:6:3: the id 'a' is taken by the plugin in line 5")));
}

TEST_F(RefusedConfiguration, WithAnUnknownSetting) {
  EXPECT_THAT(check_setting("integr: 5"),
              IsRefusedWith(Line("events.yaml:5:45: plugin 'it': setting 'integr' is unknown; did you mean 'integer'?",
                                 "events-handler plugins show configurable")));
}

TEST_F(RefusedConfiguration, WithoutARequiredSetting) {
  configure("- {id: it, plugin: demanding}\n");
  EXPECT_THAT(run_to_end(), IsRefusedWith(Line("events.yaml:5:3: plugin 'it': setting 'path' is missing",
                                               "Add it under 'settings:'")));
}

TEST_F(RefusedConfiguration, WithASettingOfAnotherType) {
  EXPECT_THAT(check_setting("integer: many"),
              IsRefusedWith(Line("events.yaml:5:54: plugin 'it': setting 'integer' must be an integer, got 'many'")));
  EXPECT_THAT(check_setting("duration: 5 parsecs"),
              IsRefusedWith(Line("events.yaml:5:55: ", "such as 500ms, 10s or 5m")));
  EXPECT_THAT(check_setting("choice: blue"), IsRefusedWith(Line("events.yaml:5:53: ", "one of red|green, got 'blue'")));
  EXPECT_THAT(check_setting("integer: [1, 2]"), IsRefusedWith(Line("events.yaml:5:45: ", "an integer, got a list")));
}

TEST_F(RefusedConfiguration, WithASettingOutOfBounds) {
  EXPECT_THAT(check_setting("integer: 65536"), IsRefusedWith(Line("events.yaml:5:54: ", "at most 65535, got '65536'")));
  EXPECT_THAT(check_setting("duration: 0s"), IsRefusedWith(Line("events.yaml:5:55: ", "at least 1ms, got '0s'")));
}

TEST_F(RefusedConfiguration, WithSeveralWrongSettingsNamesThemAll) {
  const Ended ended = check_setting("integer: 0, choice: blue, nubmer: 1");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(std::count(ended.errors.begin(), ended.errors.end(), '\n'), 3) << ended.errors;
  EXPECT_THAT(ended.errors, testing::AllOf(HasSubstr("'integer'"), HasSubstr("'choice'"), HasSubstr("'nubmer'")));
}

TEST_F(RefusedConfiguration, WithAVariableThatIsNotSet) {
  EXPECT_THAT(check_setting("text: '${GREETING}'"),
              IsRefusedWith(Line("events.yaml:5:51: ", "variable GREETING is not set", "${GREETING:-default}")));
}

TEST_F(RefusedConfiguration, WithANumberFromTheEnvironmentOutOfBounds) {
  EXPECT_THAT(check_setting("integer: '${PORT:-80}'", {{"PORT", "65536"}}),
              IsRefusedWith(Line("events.yaml:5:54: ", "at most 65535, got '65536'", "from the environment: PORT")));
}

TEST_F(RefusedConfiguration, WithAWordFromTheEnvironmentThatIsNoBoolean) {
  EXPECT_THAT(check_setting("boolean: '${FLAG}'", {{"FLAG", "perhaps"}}),
              IsRefusedWith(Line("events.yaml:5:54: ", "true or false, got 'perhaps'", "from the environment: FLAG")));
}

TEST_F(RefusedConfiguration, ShowsWhatTheEnvironmentHoldsOnOneLine) {
  EXPECT_THAT(check_setting("choice: '${COLOR}'", {{"COLOR", "red\nevents-handler: all is well\x1b[2J"}}),
              IsRefusedWith(Line("events.yaml:5:53: ", "got 'red\\nevents-handler: all is well\\x1b[2J'")));
}

TEST_F(RefusedConfiguration, WithABrokenDotEnv) {
  write(".env", "# fine\nPORT=80\nno equals sign, but hunter2\n");
  const Ended ended = check_setting("integer: '${PORT}'");
  EXPECT_THAT(ended, IsRefusedWith(Line(".env:3: this line has no '='", "KEY=VALUE")));
  EXPECT_THAT(ended.errors, testing::Not(HasSubstr("hunter2")));
}

TEST_F(RefusedConfiguration, CannotBeInjectedFromTheEnvironment) {
  configure("- {id: it, plugin: configurable, settings: {text: '${TEXT}'}}\n- {id: end, plugin: asks-to-end}\n");
  const std::string attack = "x}}\n- {id: evil, plugin: steady}\n# ${HOME} *alias &anchor !!tag";
  const Ended ended = run_to_end({{"TEXT", attack}});
  EXPECT_EQ(ended.exit_code, 0);
  ASSERT_EQ(lines_of(ended.output, "text").size(), 1U);
  EXPECT_EQ(lines_of(ended.output, "text").front().value("value", ""), attack);
  EXPECT_THAT(lines_of(ended.output, "create", "evil"), testing::IsEmpty());
}

TEST_F(RefusedConfiguration, IsNotANumberFromTheEnvironmentThatIsNone) {
  configure(
      "- {id: it, plugin: configurable, settings: {integer: '${PORT}', duration: '${TIME:-7s}'}}\n"
      "- {id: end, plugin: asks-to-end}\n");
  const Environment environment{{"PORT", "abc"}, {"TIME", "soon"}};
  const Ended ended = run_to_end(environment);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(lines_of(ended.output, "integer").at(0).value("value", ""), "8080");
  EXPECT_EQ(lines_of(ended.output, "duration").at(0).value("value", ""), "7000000");
  int warnings = 0;
  for (const LogLine& line : log_lines(ended.output)) {
    if (line.value("level", "") != "warn") continue;
    ++warnings;
    EXPECT_EQ(line.value("plugin", ""), "it");
    EXPECT_THAT(line.value("variable", ""), testing::AnyOf("PORT", "TIME"));
    EXPECT_THAT(line.value("msg", ""), testing::AllOf(HasSubstr("from the environment: "), HasSubstr("its default")));
  }
  EXPECT_EQ(warnings, 2);
  const Ended checked = run({"check", "--config", kConfig}, environment);
  EXPECT_EQ(checked.exit_code, 0);
  EXPECT_THAT(checked.errors, HasSubstr("warning: plugin 'it': setting 'integer' must be an integer, got 'abc'"));
}

}  // namespace
}  // namespace evh::host_test
