#include "setting_check.h"

#include <algorithm>
#include <cstring>

#include "evh/testkit/failures.h"
#include "text_check.h"

namespace evh::testkit {
namespace {

constexpr std::size_t kShortestSecret = 4;  // a shorter one turns up in other texts by chance

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

bool is_snake_case(std::string_view name) noexcept {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool has_bounds(std::int32_t type) noexcept {
  return type == EVH_INTEGER || type == EVH_NUMBER || type == EVH_DURATION || type == EVH_BYTES;
}

std::string names_of(const std::vector<evh_setting>& settings) {
  std::string names;
  for (const evh_setting& setting : settings) names += (names.empty() ? "" : ", ") + std::string(setting.name);
  return names.empty() ? "none" : names;
}

std::optional<SettingValue> read_one(const evh_setting& setting, const SettingText& text, std::string& problem) {
  if (text.scalar() != nullptr) return parse_setting(setting, *text.scalar(), problem);
  if (setting.type == EVH_TEXT_LIST) return SettingValue{.text = {}, .list = *text.sequence()};
  problem = "must be " + std::string(describe_type(setting.type)) + ", got a list";
  return std::nullopt;
}

std::optional<SettingValue> read_declared(const evh_setting& setting, const Settings& settings, std::string& problem) {
  const auto given = settings.find(std::string_view(setting.name));
  if (given != settings.end()) return read_one(setting, given->second, problem);
  if ((setting.flags & EVH_SETTING_REQUIRED) != 0) {
    problem = "is required and has no value";
    return std::nullopt;
  }
  return setting.default_value == nullptr ? SettingValue{} : parse_setting(setting, setting.default_value, problem);
}

void check_bounds(const evh_setting& setting, std::vector<std::string>& problems) {
  const evh_setting unbounded = {setting.name, nullptr, nullptr, nullptr, setting.doc, setting.type, 0};
  std::string why;
  std::optional<SettingValue> min;
  std::optional<SettingValue> max;
  if (setting.min != nullptr && !(min = parse_setting(unbounded, setting.min, why)))
    problems.push_back("its min " + why);
  if (setting.max != nullptr && !(max = parse_setting(unbounded, setting.max, why)))
    problems.push_back("its max " + why);
  if (min && max && (min->integer > max->integer || min->number > max->number)) {
    problems.push_back("its min " + quoted(setting.min) + " is above its max " + quoted(setting.max));
  }
}

}  // namespace

std::vector<evh_setting> declared_settings(const evh_plugin& plugin) {
  std::vector<evh_setting> settings;
  const char* at = reinterpret_cast<const char*>(plugin.settings);
  for (std::size_t index = 0; index < plugin.setting_count; ++index, at += plugin.setting_stride) {
    std::memcpy(&settings.emplace_back(), at, sizeof(evh_setting));
  }
  return settings;
}

TypedSettings read_settings(const evh_plugin& plugin, const Settings& settings) {
  const std::vector<evh_setting> declared = declared_settings(plugin);
  std::string problems;
  const auto complain = [&](std::string_view name, std::string_view problem) {
    problems += (problems.empty() ? "" : "\n") + ("setting " + quoted(name) + " " + std::string(problem));
  };
  TypedSettings typed;
  for (const evh_setting& setting : declared) {
    std::string problem;
    const auto value = read_declared(setting, settings, problem);
    if (!value) complain(setting.name, problem);
    typed[setting.name] = {setting.type, value.value_or(SettingValue{})};
  }
  for (const auto& [name, text] : settings) {
    if (!typed.contains(name)) complain(name, "is unknown to this plugin; it knows: " + names_of(declared));
  }
  if (!problems.empty()) throw LoadError(problems);
  return typed;
}

std::vector<std::string> secret_texts(const evh_plugin& plugin, const Settings& settings) {
  std::vector<std::string> secrets;
  for (const evh_setting& setting : declared_settings(plugin)) {
    const auto given = settings.find(std::string_view(setting.name));
    if ((setting.flags & EVH_SETTING_SECRET) == 0 || given == settings.end()) continue;
    if (const std::string* scalar = given->second.scalar()) {
      secrets.push_back(*scalar);
    } else {
      secrets.insert(secrets.end(), given->second.sequence()->begin(), given->second.sequence()->end());
    }
  }
  std::erase_if(secrets, [](const std::string& secret) { return secret.size() < kShortestSecret; });
  return secrets;
}

std::vector<std::string> declaration_problems(const evh_setting& setting) {
  if (setting.name == nullptr) return {"a setting has no name"};
  std::vector<std::string> problems;
  if (!is_snake_case(setting.name)) problems.push_back("its name must be in snake_case");
  if (setting.doc == nullptr || !is_one_line(setting.doc)) problems.push_back("its doc must be one line of UTF-8");
  if (setting.type < EVH_TEXT || setting.type > EVH_CHOICE) {
    problems.push_back("its type " + std::to_string(setting.type) + " is none of evh/setting.h");
  } else if (has_bounds(setting.type)) {
    check_bounds(setting, problems);
  } else if (setting.type == EVH_CHOICE) {
    if (setting.max == nullptr || *setting.max == '\0')
      problems.push_back("a choice lists its words in max: \"a|b|c\"");
    if (setting.min != nullptr) problems.push_back("a choice has no min");
  } else if (setting.min != nullptr || setting.max != nullptr) {
    problems.push_back("a setting of its type has no bounds");
  }
  if ((setting.flags & ~std::uint32_t{EVH_SETTING_REQUIRED | EVH_SETTING_SECRET}) != 0) {
    problems.push_back("its flags have bits that evh/setting.h does not know");
  }
  if ((setting.flags & EVH_SETTING_REQUIRED) != 0 && setting.default_value != nullptr) {
    problems.push_back("it is required, so it must not have a default");
  }
  std::string why;
  if (problems.empty() && setting.default_value != nullptr && !parse_setting(setting, setting.default_value, why)) {
    problems.push_back("its default " + why);
  }
  for (std::string& problem : problems) problem.insert(0, "setting " + quoted(setting.name) + ": ");
  return problems;
}

}  // namespace evh::testkit
