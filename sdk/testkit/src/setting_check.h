// A plugin's settings, read against its descriptor as the host does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evh/plugin.h"
#include "evh/setting_value.hpp"
#include "evh/testkit/settings.h"

namespace evh::testkit {

struct TypedSetting {
  std::int32_t type = EVH_TEXT;
  SettingValue value;
};
using TypedSettings = std::map<std::string, TypedSetting, std::less<>>;

// The descriptor's settings, whatever their stride.
[[nodiscard]] std::vector<evh_setting> declared_settings(const evh_plugin& plugin);

// Throws LoadError with everything that is wrong: unknown names, missing ones, values that do not fit.
[[nodiscard]] TypedSettings read_settings(const evh_plugin& plugin, const Settings& settings);

// The texts of secrets that are long enough to be recognised in other text.
[[nodiscard]] std::vector<std::string> secret_texts(const evh_plugin& plugin, const Settings& settings);

// What is wrong with a declaration; empty when nothing is.
[[nodiscard]] std::vector<std::string> declaration_problems(const evh_setting& setting);

}  // namespace evh::testkit
