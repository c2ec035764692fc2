// The commands that start nothing.
#include "host_run.h"

namespace evh::host_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using Commands = HostRun;

TEST_F(Commands, VersionSaysWhichAbi) {
  for (const char* command : {"version", "--version"}) {
    const Ended ended = run({command});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.output, AllOf(HasSubstr("events-handler"), HasSubstr("plugin ABI"))) << command;
    EXPECT_EQ(ended.errors, "");
  }
}

TEST_F(Commands, HelpNamesEveryCommandAndTheExitCodes) {
  const Ended ended = run({"--help"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("run"), HasSubstr("check"), HasSubstr("plan"), HasSubstr("plugins"),
                                  HasSubstr("version"), HasSubstr("Exit codes: 0"), HasSubstr("${NAME:-default}")));
}

TEST_F(Commands, NoneIsAnsweredWithHelpOnStderr) {
  const Ended ended = run({});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, HasSubstr("run"));
}

TEST_F(Commands, UnknownOnesAndOptionsAreRefused) {
  for (const char* argument : {"rum", "--verbose"}) {
    EXPECT_THAT(run({argument}), IsRefusedWith(Line("", argument, "events-handler --help")));
  }
  EXPECT_THAT(run({"rum"}), IsRefusedWith(Line("there is no 'rum'; did you mean 'run'?")));
  EXPECT_THAT(run({"plugins", "lst"}), IsRefusedWith(Line("there is no 'lst'; did you mean 'list'?")));
  EXPECT_THAT(run({"run", "--config"}), IsRefusedWith(Line("", "--config")));
  EXPECT_THAT(run({"plugins", "show"}), IsRefusedWith(Line("", "NAME")));
}

TEST_F(Commands, CheckCountsThePluginsAndCreatesNone) {
  configure("- {id: a, plugin: steady}\n- {id: b, plugin: create-fails}\n");
  const Ended ended = run({"check", "--config", kConfig});
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
  EXPECT_EQ(ended.output, "events.yaml: ok, 2 plugins\n");
  EXPECT_EQ(ended.errors, "");
}

TEST_F(Commands, PlanShowsOrderConnectionsAndWhereEachSettingComesFrom) {
  configure(
      "- {id: top, plugin: user, uses: {test.thing/1: b}}\n"
      "- {id: a, plugin: provider}\n"
      "- {id: b, plugin: provider}\n"
      "- {id: alone, plugin: optional-user}\n"
      "- {id: it, plugin: configurable, settings: {text: '${TEXT}', integer: 81}}\n");
  const Ended ended = run({"plan", "--config", kConfig}, {{"TEXT", "a\nb"}});
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
  const std::string& plan = ended.output;
  EXPECT_LT(plan.find("1. a: provider 1.2.3 (" HOST_TEST_PLUGINS "/provider.so)"), plan.find("2. b: provider"));
  EXPECT_LT(plan.find("2. b: provider"), plan.find("3. top: user"));
  EXPECT_THAT(plan, AllOf(HasSubstr("provides test.thing/1"), HasSubstr("of b; also provided by a"),
                          HasSubstr("of a; also provided by b (optional)")));
  EXPECT_THAT(plan, testing::ContainsRegex("text +a\\\\nb +environment TEXT"));
  EXPECT_THAT(plan, testing::ContainsRegex("integer +81 +file"));
  EXPECT_THAT(plan, testing::ContainsRegex("bytes +1MiB +default"));
}

TEST_F(Commands, PluginsListPrintsWhatIsThereAndWhatIsBroken) {
  namespace fs = std::filesystem;
  fs::create_directory(path_of("mine"));
  for (const char* name : {"steady", "null-entry"}) {
    fs::copy_file(std::string(HOST_TEST_PLUGINS "/") + name + ".so", path_of(std::string("mine/") + name + ".so"));
  }
  write("mine/readme.txt", "no plugin");
  write(kConfig, "host: {plugin_folders: [mine]}\nplugins: [{id: a, plugin: steady}]\n");
  const Ended ended = run({"plugins", "list", "--config", kConfig});
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
  EXPECT_THAT(ended.output, testing::ContainsRegex("steady +1.2.3 +A plugin for tests"));
  EXPECT_THAT(ended.output, testing::ContainsRegex("null-entry +- +broken: .*returned NULL"));
  EXPECT_EQ(ended.output.find("readme"), std::string::npos);
}

TEST_F(Commands, PluginsShowPrintsServicesAndSettings) {
  const Ended user = run({"plugins", "show", HOST_TEST_PLUGINS "/optional-user.so"});
  EXPECT_EQ(user.exit_code, 0);
  EXPECT_THAT(user.output,
              AllOf(HasSubstr("optional-user 1.2.3: A plugin for tests"), HasSubstr("test.thing/1 (optional)")));
  const Ended configurable = run({"plugins", "show", HOST_TEST_PLUGINS "/configurable.so"});
  EXPECT_THAT(configurable.output, testing::ContainsRegex("integer +integer +8080 +1..65535 +a port"));
  EXPECT_THAT(configurable.output, testing::ContainsRegex("choice +choice +red +red.green +which"));
  const Ended demanding = run({"plugins", "show", HOST_TEST_PLUGINS "/demanding.so"});
  EXPECT_THAT(demanding.output, testing::ContainsRegex("path +text +.required. +where"));
}

TEST_F(Commands, PluginsShowOfAnUnknownNameIsRefused) {
  configure("- {id: a, plugin: steady}\n");
  EXPECT_THAT(run({"plugins", "show", "stedy", "--config", kConfig}),
              IsRefusedWith(Line("stedy: there is no stedy.so in ", "did you mean 'steady'?")));
}

TEST_F(Commands, FailWhenTheirOutputCannotBeWritten) {
  ChildProcess process({.program = "/bin/sh",
                        .arguments = {"-c", "exec '" EVH_PROGRAM "' version > /dev/full"},
                        .working_folder = folder_.path()});
  const Ended ended = end_of(process);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.errors, HasSubstr("standard output cannot be written: No space left on device"));
}

TEST_F(Commands, ReadADotEnvInTheWorkingFolderBehindTheEnvironment) {
  configure("- {id: it, plugin: configurable, settings: {text: '${TEXT}', choice: '${CHOICE}'}}\n");
  write(".env", "TEXT='from the file'\nCHOICE=blue\n");
  const Ended ended = run({"plan", "--config", kConfig}, {{"CHOICE", "green"}});
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
  EXPECT_THAT(ended.output, testing::ContainsRegex("text +from the file +environment TEXT"));
  EXPECT_THAT(ended.output, testing::ContainsRegex("choice +green +environment CHOICE"));
}

}  // namespace
}  // namespace evh::host_test
