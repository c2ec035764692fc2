// Texts of the configuration, made into values of the declared type.
#include "settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "evh/setting.hpp"

namespace evh::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
 protected:
  static SettingEntry entry(const std::string& name, Filled filled) {
    return {name, {7, 3}, false, {Scalar{std::move(filled), Place{7, 9}}}};
  }
  static SettingEntry entry(const std::string& name, const std::string& text) {
    return entry(name, Filled{.text = text, .variables = {}, .fallback = text});
  }
  // As ${VALUE}, or as ${VALUE:-fallback}.
  static SettingEntry from_environment(const std::string& text, std::optional<std::string> fallback = std::nullopt) {
    return entry("x", Filled{.text = text, .variables = {"VALUE"}, .fallback = std::move(fallback)});
  }

  Settings resolve(const evh_setting& declared, std::vector<SettingEntry> entries = {}) {
    declared_ = {declared};
    problems_.clear();
    warnings_.clear();
    const SettingsOwner owner{
        .file = "f.yaml", .place = {5, 3}, .label = "plugin 'p'", .plugin_id = "p", .see = "see there"};
    return resolve_settings(owner, declared_, entries, problems_, warnings_);
  }

  // The whole number that `text` means.
  std::optional<std::int64_t> whole(const evh_setting& declared, const std::string& text) {
    const Settings settings = resolve(declared, {entry("x", text)});
    if (!problems_.empty()) return std::nullopt;
    return settings.find("x")->value.integer;
  }

  std::vector<evh_setting> declared_;
  std::vector<std::string> problems_;
  std::vector<Warning> warnings_;
};

constexpr evh_setting kInteger = setting::integer("x", "5", "doc");
constexpr evh_setting kBounded = setting::integer("x", "5", "doc", {.min = "-2", .max = "10"});
constexpr evh_setting kNumber = setting::number("x", "0.5", "doc", {.min = "0", .max = "1"});
constexpr evh_setting kBoolean = setting::boolean("x", "true", "doc");
constexpr evh_setting kDuration = setting::duration("x", "10s", "doc");
constexpr evh_setting kBytes = setting::bytes("x", "1MiB", "doc");
constexpr evh_setting kList = setting::list("x", "a,b", "doc");
constexpr evh_setting kChoice = setting::choice("x", "red|green", "red", "doc");
constexpr evh_setting kText = setting::text("x", "hello", "doc");
constexpr evh_setting kSecret = setting::integer("x", "77", "doc", {.flags = EVH_SETTING_SECRET});

TEST_F(SettingsTest, IntegersAreWhole64BitNumbers) {
  EXPECT_EQ(whole(kInteger, "0"), 0);
  EXPECT_EQ(whole(kInteger, " -12 "), -12);
  EXPECT_EQ(whole(kInteger, "9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(whole(kInteger, "-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", " ", "x", "1x", "1.0", "0x10", "1e3", "+-1", "9223372036854775808", "1 2"}) {
    EXPECT_EQ(whole(kInteger, text), std::nullopt) << text;
    EXPECT_THAT(problems_, ElementsAre(HasSubstr("f.yaml:7:9: plugin 'p': setting 'x' must be an integer"))) << text;
  }
}

TEST_F(SettingsTest, BoundsAreInclusive) {
  EXPECT_EQ(whole(kBounded, "-2"), -2);
  EXPECT_EQ(whole(kBounded, "10"), 10);
  EXPECT_EQ(whole(kBounded, "-3"), std::nullopt);
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("must be at least -2, got '-3'; see there")));
  EXPECT_EQ(whole(kBounded, "11"), std::nullopt);
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("must be at most 10, got '11'; see there")));
}

TEST_F(SettingsTest, NumbersAreFinite) {
  EXPECT_EQ(resolve(kNumber, {entry("x", "1e-1")}).find("x")->value.number, 0.1);
  EXPECT_THAT(problems_, testing::IsEmpty());
  for (const char* text : {"nan", "inf", "1e999", "0,5", "1.1", "-0.1", ""}) {
    resolve(kNumber, {entry("x", text)});
    EXPECT_EQ(problems_.size(), 1U) << text;
  }
}

TEST_F(SettingsTest, BooleansAreWords) {
  for (const char* text : {"true", "yes", "on"}) EXPECT_EQ(whole(kBoolean, text), 1) << text;
  for (const char* text : {"false", "no", "off"}) EXPECT_EQ(whole(kBoolean, text), 0) << text;
  for (const char* text : {"", "1", "0", "TRUE", "maybe"}) EXPECT_EQ(whole(kBoolean, text), std::nullopt) << text;
}

TEST_F(SettingsTest, DurationsAreInMicroseconds) {
  EXPECT_EQ(whole(kDuration, "3"), 3'000'000);
  EXPECT_EQ(whole(kDuration, "3us"), 3);
  EXPECT_EQ(whole(kDuration, "1.5 ms"), 1500);
  EXPECT_EQ(whole(kDuration, "2m"), 120'000'000);
  EXPECT_EQ(whole(kDuration, "1h"), 3'600'000'000);
  EXPECT_EQ(whole(kDuration, "1d"), 86'400'000'000);
  for (const char* text : {"", "s", "5 weeks", "1h30m", "1e3s", "999999999999d", "--1s"}) {
    EXPECT_EQ(whole(kDuration, text), std::nullopt) << text;
  }
}

TEST_F(SettingsTest, SizesAreInBytes) {
  EXPECT_EQ(whole(kBytes, "512"), 512);
  EXPECT_EQ(whole(kBytes, "1KiB"), 1024);
  EXPECT_EQ(whole(kBytes, "1.5 KB"), 1500);
  EXPECT_EQ(whole(kBytes, "2GiB"), 2LL << 30U);
  for (const char* text : {"1kb", "1TiB", "99999999999GiB", "MiB"})
    EXPECT_EQ(whole(kBytes, text), std::nullopt) << text;
}

TEST_F(SettingsTest, ListsAreSequencesOrSplitAtCommas) {
  EXPECT_THAT(resolve(kList).find("x")->value.list, ElementsAre("a", "b"));
  EXPECT_THAT(resolve(kList, {entry("x", " c , ,d ")}).find("x")->value.list, ElementsAre("c", "d"));
  SettingEntry sequence{"x", {7, 3}, true, {Scalar{{"e,f", {}, "e,f"}, {7, 9}}, Scalar{{"", {}, ""}, {7, 14}}}};
  EXPECT_THAT(resolve(kList, {sequence}).find("x")->value.list, ElementsAre("e,f", ""));
  resolve(kText, {sequence});
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("must be a text, got a list")));
}

TEST_F(SettingsTest, ChoicesAreOneOfTheirWords) {
  EXPECT_EQ(resolve(kChoice, {entry("x", "green")}).find("x")->value.text, "green");
  for (const char* text : {"", "gre", "red|green", "Green"}) {
    resolve(kChoice, {entry("x", text)});
    EXPECT_THAT(problems_, ElementsAre(HasSubstr("must be one of red|green"))) << text;
  }
}

TEST_F(SettingsTest, TextsAreUtf8WithoutNul) {
  EXPECT_EQ(resolve(kText, {entry("x", "")}).find("x")->value.text, "");
  resolve(kText, {entry("x", std::string("a\0b", 3))});
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("must not contain NUL")));
  resolve(kText, {entry("x", "\xFF")});
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("must be UTF-8")));
}

TEST_F(SettingsTest, OneThatIsAbsentHasItsDefault) {
  const Settings settings = resolve(kText);
  EXPECT_EQ(settings.find("x")->value.text, "hello");
  EXPECT_TRUE(settings.find("x")->is_default);
  EXPECT_EQ(settings.find("y"), nullptr);
}

TEST_F(SettingsTest, OneThatIsRequiredIsMissedAtThePlugin) {
  resolve(setting::text("x", nullptr, "doc", {.flags = EVH_SETTING_REQUIRED}));
  EXPECT_THAT(problems_, ElementsAre("f.yaml:5:3: plugin 'p': setting 'x' is missing; it has no default. Add it under "
                                     "'settings:'; see there"));
}

TEST_F(SettingsTest, OneThatIsUnknownIsRefusedWithWhatWasMeant) {
  resolve(setting::text("colour", "", "doc"), {entry("color", "red")});
  EXPECT_THAT(problems_, ElementsAre("f.yaml:7:3: plugin 'p': setting 'color' is unknown; did you mean 'colour'?; see "
                                     "there"));
}

TEST_F(SettingsTest, WhatIsNoNumberInTheEnvironmentFallsBackToTheDefaultInTheFileFirst) {
  EXPECT_EQ(resolve(kBounded, {from_environment("abc", "7")}).find("x")->value.integer, 7);
  EXPECT_THAT(problems_, testing::IsEmpty());
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_EQ(warnings_[0].message,
            "setting 'x' must be an integer, got 'abc' (from the environment: VALUE); its default 7 is used");
  EXPECT_EQ(warnings_[0].plugin, "p");
  EXPECT_EQ(warnings_[0].setting, "x");
  EXPECT_EQ(warnings_[0].variable, "VALUE");
}

TEST_F(SettingsTest, WhatIsNoNumberInTheEnvironmentFallsBackToTheDeclaredDefault) {
  for (const char* text : {"abc", "", "10x", "nan", "-", "1,5"}) {
    const Settings settings = resolve(kBounded, {from_environment(text)});
    EXPECT_EQ(settings.find("x")->value.integer, 5) << text;
    EXPECT_TRUE(settings.find("x")->is_default);
    EXPECT_EQ(warnings_.size(), 1U) << text;
    EXPECT_THAT(problems_, testing::IsEmpty()) << text;
  }
}

TEST_F(SettingsTest, AWrongNumberInTheEnvironmentDoesNotFallBack) {
  for (const char* text : {"11", "-3", "99999999999999999999", "1.5", "5s"}) {
    const bool is_with_unit = std::string_view(text) == "5s";
    resolve(is_with_unit ? setting::duration("x", "1s", "doc", {.max = "4s"}) : kBounded,
            {from_environment(text, "7")});
    EXPECT_THAT(problems_, ElementsAre(HasSubstr("(from the environment: VALUE)"))) << text;
    EXPECT_THAT(warnings_, testing::IsEmpty()) << text;
  }
}

TEST_F(SettingsTest, ANumberInTheEnvironmentThatIsTooLargeForItsTypeDoesNotFallBack) {
  resolve(kNumber, {from_environment("1e999", "0.5")});
  EXPECT_EQ(problems_.size(), 1U);
  resolve(kNumber, {from_environment("0.1 or so", "0.5")});
  EXPECT_THAT(problems_, testing::IsEmpty());
  EXPECT_EQ(warnings_.size(), 1U);
}

TEST_F(SettingsTest, ADefaultInTheFileThatIsNoNumberIsRefused) {
  resolve(kBounded, {from_environment("abc", "def")});
  EXPECT_EQ(problems_.size(), 1U);
  EXPECT_THAT(warnings_, testing::IsEmpty());
}

TEST_F(SettingsTest, WordsInTheEnvironmentDoNotFallBack) {
  resolve(kBoolean, {from_environment("perhaps", "true")});
  EXPECT_EQ(problems_.size(), 1U);
  resolve(kChoice, {from_environment("blue", "red")});
  EXPECT_EQ(problems_.size(), 1U);
}

TEST_F(SettingsTest, ASecretIsInNoProblemAndNoWarning) {
  resolve(kSecret, {entry("x", "hunter2")});
  EXPECT_THAT(problems_, ElementsAre(testing::Not(HasSubstr("hunter2"))));
  resolve(kSecret, {from_environment("hunter2", "88")});
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_THAT(warnings_[0].message, testing::AllOf(testing::Not(HasSubstr("hunter2")), testing::Not(HasSubstr("88"))));
}

TEST_F(SettingsTest, AsJsonHaveTheirTypesAndNoSecrets) {
  Secrets secrets;
  secrets.add("hunter2");
  EXPECT_EQ(resolve(kSecret).masked_json(secrets), R"({"x":"***"})");
  EXPECT_EQ(resolve(kInteger).masked_json(secrets), R"({"x":5})");
  EXPECT_EQ(resolve(kBoolean).masked_json(secrets), R"({"x":true})");
  EXPECT_EQ(resolve(kNumber).masked_json(secrets), R"({"x":0.5})");
  EXPECT_EQ(resolve(kList).masked_json(secrets), R"({"x":["a","b"]})");
  EXPECT_EQ(resolve(kDuration).masked_json(secrets), R"({"x":"10s"})");
  EXPECT_EQ(resolve(kText, {entry("x", "\"hunter2\"")}).masked_json(secrets), R"({"x":"\"***\""})");
}

TEST(SettingDeclaration, IsRefusedWhenItContradictsItself) {
  EXPECT_EQ(declaration_problem(kBounded), "");
  EXPECT_THAT(declaration_problem(setting::integer("x", "0", "doc", {.min = "1"})), HasSubstr("has a default that"));
  EXPECT_THAT(declaration_problem(setting::integer("x", "1", "doc", {.min = "one"})), HasSubstr("has a bound that"));
  EXPECT_THAT(declaration_problem(setting::choice("x", "a|b", "c", "doc")), HasSubstr("has a default that"));
  EXPECT_THAT(declaration_problem(setting::choice("x", "", nullptr, "doc")), HasSubstr("a choice without words"));
  EXPECT_THAT(declaration_problem(setting::of(99, "x", "", "doc", {})), HasSubstr("unknown type"));
  EXPECT_THAT(declaration_problem(setting::text("x", "", "doc", {.flags = EVH_SETTING_REQUIRED})),
              HasSubstr("is required and has a default"));
}

}  // namespace
}  // namespace evh::host
