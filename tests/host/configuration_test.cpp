// The YAML file: its form, and the places that its problems are told with.
#include "configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evh/log.h"

namespace evh::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const Environment kEnvironment({{"WHO", "someone"}, {"YAML", "x, settings: {a: b}\n- {id: evil}"}});

Configuration parse(const std::string& text) {
  return parse_configuration(text, "f.yaml", kEnvironment);
}

std::string problem_of(const std::string& text) {
  try {
    parse(text);
    return "no problem";
  } catch (const StartRefused& refused) {
    EXPECT_EQ(refused.problems().size(), 1U);
    return refused.problems().front();
  }
}

// One plugin with these lines below `- id: a`, which is line 2.
std::string with(const std::string& lines) {
  return "plugins:\n- id: a\n  plugin: p\n  " + lines + "\n";
}

TEST(Configuration, IsAHostAndPlugins) {
  const Configuration configuration = parse(
      "host:\n  log_level: warn\n  shutdown_timeout: 3s\n  shutdown_delay: 500ms\n  plugin_folders: [x, /y]\n"
      "plugins:\n- id: a\n  plugin: p\n  settings: {s: 1, t: [2, 3]}\n  uses: {evh.thing/1: b}\n- {id: b, plugin: "
      "/q.so}\n");
  EXPECT_EQ(configuration.host.log_level, EVH_LOG_WARN);
  EXPECT_EQ(configuration.host.shutdown_timeout, std::chrono::seconds(3));
  EXPECT_EQ(configuration.host.shutdown_delay, std::chrono::milliseconds(500));
  EXPECT_THAT(configuration.host.plugin_folders, ElementsAre("x", "/y"));
  ASSERT_EQ(configuration.plugins.size(), 2U);
  const PluginEntry& plugin = configuration.plugins[0];
  EXPECT_EQ(plugin.id, "a");
  EXPECT_EQ(plugin.plugin, "p");
  EXPECT_EQ(plugin.place.line, 7U);
  ASSERT_EQ(plugin.settings.size(), 2U);
  EXPECT_EQ(plugin.settings[0].name, "s");
  EXPECT_EQ(plugin.settings[0].values.front().text, "1");
  EXPECT_EQ(plugin.settings[0].place.line, 9U);
  EXPECT_TRUE(plugin.settings[1].is_list);
  EXPECT_EQ(plugin.settings[1].values.size(), 2U);
  ASSERT_EQ(plugin.uses.size(), 1U);
  EXPECT_EQ(plugin.uses[0].service, "evh.thing/1");
  EXPECT_EQ(plugin.uses[0].provider, "b");
}

TEST(Configuration, HasDefaultsForTheHost) {
  const Configuration configuration = parse(with("settings:"));
  EXPECT_EQ(configuration.host.log_level, EVH_LOG_INFO);
  EXPECT_EQ(configuration.host.shutdown_timeout, std::chrono::seconds(10));
  EXPECT_EQ(configuration.host.shutdown_delay, std::chrono::seconds(0));
  EXPECT_THAT(configuration.host.plugin_folders, testing::IsEmpty());
  EXPECT_THAT(configuration.plugins.front().settings, testing::IsEmpty());
}

TEST(Configuration, FillsVariablesIntoValuesOnly) {
  const Configuration configuration =
      parse(with("settings: {s: '${WHO}', t: ['${WHO}', \"${YAML}\"], u: '${ABSENT:-d}'}"));
  const std::vector<SettingEntry>& settings = configuration.plugins.front().settings;
  ASSERT_EQ(settings.size(), 3U);
  EXPECT_EQ(settings[0].values.front().text, "someone");
  EXPECT_EQ(settings[1].values[1].text, "x, settings: {a: b}\n- {id: evil}");
  EXPECT_EQ(settings[2].values.front().text, "d");
  EXPECT_EQ(configuration.plugins.size(), 1U);
  // A name is no value.
  EXPECT_EQ(parse(with("settings: {'${WHO}': 1}")).plugins.front().settings.front().name, "${WHO}");
}

TEST(Configuration, NamesThePlaceOfAVariableThatIsNotSet) {
  EXPECT_THAT(problem_of(with("settings:\n    s: 'a ${ABSENT}'")),
              StartsWith("f.yaml:5:8: plugin 'a': setting 's': the environment variable ABSENT is not set"));
}

TEST(Configuration, ReadsAnchorsAndAliases) {
  const Configuration configuration =
      parse("plugins:\n- {id: a, plugin: p, settings: &s {x: 1}}\n- {id: b, plugin: p, settings: *s}\n");
  EXPECT_EQ(configuration.plugins[1].settings.front().name, "x");
}

TEST(Configuration, RefusesMergeKeysByName) {
  EXPECT_THAT(problem_of("plugins:\n- &x {id: a, plugin: p}\n- {<<: *x, id: b}\n"),
              StartsWith("f.yaml:3:4: an item of plugins has no '<<'"));
}

TEST(Configuration, RefusesDoubledKeysEverywhere) {
  EXPECT_THAT(problem_of("plugins: []\nplugins: []\n"),
              HasSubstr("f.yaml:2:1: the configuration names 'plugins' twice"));
  EXPECT_THAT(problem_of(with("plugin: q")), HasSubstr("f.yaml:4:3: an item of plugins names 'plugin' twice"));
  EXPECT_THAT(problem_of(with("settings: {s: 1, s: 2}")), HasSubstr("names 's' twice, first in line 4. Keep one"));
  EXPECT_THAT(problem_of(with("uses: {e/1: b, e/1: c}")), HasSubstr("names 'e/1' twice"));
}

TEST(Configuration, RefusesDoubledIds) {
  EXPECT_THAT(problem_of("plugins:\n- {id: a, plugin: p}\n- {id: a, plugin: q}\n"),
              StartsWith("f.yaml:3:3: the id 'a' is taken by the plugin in line 2. Choose another"));
}

TEST(Configuration, RefusesIdsThatAreNone) {
  for (const char* id : {"A", "a b", "-a", "\xC3\xA9", "''"}) {
    EXPECT_THAT(problem_of("plugins:\n- {id: " + std::string(id) + ", plugin: p}\n"), StartsWith("f.yaml:2:")) << id;
  }
  EXPECT_TRUE(is_plugin_id(std::string(64, 'a')));
  EXPECT_FALSE(is_plugin_id(std::string(65, 'a')));
  EXPECT_FALSE(is_plugin_id(""));
}

TEST(Configuration, RefusesWhatIsMissing) {
  EXPECT_THAT(problem_of(""), HasSubstr("f.yaml: is empty"));
  EXPECT_THAT(problem_of("host: {}\n"), HasSubstr("f.yaml: has no 'plugins:'"));
  EXPECT_THAT(problem_of("plugins:\n"), HasSubstr("f.yaml:1:1: plugins is empty"));
  EXPECT_THAT(problem_of("plugins: []\n"), HasSubstr("f.yaml:1:1: plugins is empty"));
  EXPECT_THAT(problem_of("plugins: [{id: a}]\n"), HasSubstr("f.yaml:1:11: plugin 'a' has no 'plugin'"));
  EXPECT_THAT(problem_of("plugins: [{plugin: a}]\n"), HasSubstr("f.yaml:1:11: an item of plugins has no 'id'"));
  EXPECT_THAT(problem_of(with("settings:\n    s:")), HasSubstr("setting 's' has no value"));
}

TEST(Configuration, RefusesWhatIsOfAnotherShape) {
  EXPECT_THAT(problem_of("[]\n"), HasSubstr("f.yaml:1:1: the configuration must be a map"));
  EXPECT_THAT(problem_of("plugins: {}\n"), HasSubstr("plugins must be a list, got a map"));
  EXPECT_THAT(problem_of("plugins: [a]\n"), HasSubstr("must be a map of 'name: value', got a single value"));
  EXPECT_THAT(problem_of("plugins: [{id: [a], plugin: p}]\n"), HasSubstr("id must be a single value, got a list"));
  EXPECT_THAT(problem_of(with("settings: [s]")), HasSubstr("settings must be a map"));
  EXPECT_THAT(problem_of(with("settings: {s: {t: 1}}")), HasSubstr("must be a value or a list of values, got a map"));
  EXPECT_THAT(problem_of(with("settings: {s: [[1]]}")), HasSubstr("must be a single value, got a list"));
  EXPECT_THAT(problem_of(with("settings: {[s]: 1}")), HasSubstr("has a name that is a list"));
}

TEST(Configuration, RefusesBrokenYamlWithItsPlace) {
  EXPECT_THAT(problem_of("plugins:\n\t- x\n"), StartsWith("f.yaml:2:2: is no valid YAML"));
  EXPECT_THAT(problem_of("plugins: [\n"), StartsWith("f.yaml:2:1: is no valid YAML"));
  EXPECT_THAT(problem_of("plugins: []\n---\nplugins: []\n"), StartsWith("f.yaml:3:1: a second document begins"));
}

TEST(Configuration, RefusesAQuoteThatIsNeverClosed) {
  EXPECT_THAT(problem_of("plugins:\n- {id: b, plugin: p}\n- id: a\n  plugin: \"p\n"),
              StartsWith("f.yaml:4:11: plugin lacks its closing \""));
  EXPECT_THAT(problem_of("plugins:\n- id: a\n  plugin: 'p''\n"), HasSubstr("lacks its closing '"));
  EXPECT_THAT(problem_of("\xEF\xBB\xBFplugins:\n- id: a\n  plugin: \"p\\\"\n"), HasSubstr("lacks its closing \""));
  EXPECT_EQ(problem_of("# \xC3\xA9\nplugins:\n- id: a\n  plugin: 'p''q'\n  settings: {s: \"\\\"\"}\n"), "no problem");
}

TEST(Configuration, NeverShowsTheValueThatAQuoteOrAnAliasHides) {
  EXPECT_THAT(problem_of(with("settings: {password: *hunter2}")), testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(problem_of(with("settings: {password: \"hunter2")), testing::Not(HasSubstr("hunter2")));
}

TEST(Configuration, RefusesDeepNestingWithoutOverflowingTheStack) {
  for (const char* opening : {"[", "{", "- ", "? ", "a: [", "&a ", "!t "}) {
    std::string text;
    while (text.size() < 1'000'000) text += opening;
    EXPECT_THAT(problem_of(text), StartsWith("f.yaml:")) << opening;
  }
  EXPECT_THAT(problem_of(std::string(100'000, '[')), HasSubstr("is nested too deeply"));
}

TEST(Configuration, RefusesATreeThatAliasesMakeHuge) {
  std::string text = "plugins:\n- id: a\n  plugin: p\n  settings:\n    s: &s [" + std::string(3000, ' ');
  for (int i = 0; i < 1000; ++i) text += "1,";
  text += "1]\n";
  for (int i = 0; i < 200; ++i) text += "    t" + std::to_string(i) + ": *s\n";
  EXPECT_THAT(problem_of(text), HasSubstr("holds more than 100000 values"));
}

TEST(Configuration, RefusesACycleOfAliases) {
  EXPECT_THAT(problem_of("plugins: &a [*a]\n"), StartsWith("f.yaml:1:"));
  EXPECT_THAT(problem_of(with("settings: &a {s: *a}")), StartsWith("f.yaml:4:"));
}

TEST(Configuration, WithManyNamesIsReadInLinearTime) {
  std::string text = "plugins:\n- id: a\n  plugin: p\n  settings:\n";
  for (int i = 0; i < 40'000; ++i) text += "    a" + std::to_string(i) + ": 1\n";
  // A quadratic comparison of the names would take many seconds.
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(parse(text).plugins.front().settings.size(), 40'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Configuration, RefusesBadHostSettings) {
  EXPECT_THAT(problem_of("host: {log_level: loud}\nplugins: [{id: a, plugin: p}]\n"),
              StartsWith("f.yaml:1:19: host: setting 'log_level' must be one of debug|info|warn|error, got 'loud'"));
  EXPECT_THAT(problem_of("host: {shutdown_timeout: 0}\nplugins: [{id: a, plugin: p}]\n"), HasSubstr("at least 1ms"));
  EXPECT_THAT(problem_of("host: {shutdown_delay: 2h}\nplugins: [{id: a, plugin: p}]\n"), HasSubstr("at most 1h"));
}

}  // namespace
}  // namespace evh::host
