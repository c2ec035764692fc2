// Settings as the configuration gives them, made into values as the descriptor declares them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "configuration.h"
#include "evh/setting.h"
#include "evh/setting_value.hpp"
#include "problem.h"
#include "secrets.h"

namespace evh::host {

struct Setting {
  const evh_setting* declared = nullptr;  // lives as long as the library
  SettingValue value;
  std::string text;                    // as written, or the default; lists joined by commas. The secret itself, if one
  bool is_default = true;              // neither the file nor the environment said anything
  std::vector<std::string> variables;  // of the environment, that took part in the value

  [[nodiscard]] bool is_secret() const noexcept { return (declared->flags & EVH_SETTING_SECRET) != 0; }
};

class Settings {
 public:
  Settings() = default;
  explicit Settings(std::vector<Setting> settings) : settings_(std::move(settings)) {}

  // In the order of their declaration.
  [[nodiscard]] std::span<const Setting> all() const noexcept { return settings_; }
  // nullptr: not declared.
  [[nodiscard]] const Setting* find(std::string_view name) const noexcept;
  // A JSON object of all. Secrets are "***", and so is each of `secrets` wherever a text holds it.
  [[nodiscard]] std::string masked_json(const Secrets& secrets) const;

 private:
  std::vector<Setting> settings_;
};

// Whose settings are resolved, for the messages.
struct SettingsOwner {
  std::string_view file;  // of the configuration
  Place place;            // where a missing setting is missed
  std::string label;      // "plugin 'http'"
  std::string plugin_id;  // for warnings; empty: the host
  std::string see;        // where to read more: "see `events-handler plugins show http-api`"
};

// All settings that are declared, each with the value of its entry or its default. A number from the environment that
// is no number is replaced by its default, with a warning. Everything else that is wrong goes to `problems`, one line
// each; the result is of use only when nothing went there.
[[nodiscard]] Settings resolve_settings(const SettingsOwner& owner, std::span<const evh_setting> declared,
                                        std::span<const SettingEntry> entries, std::vector<std::string>& problems,
                                        std::vector<Warning>& warnings);

// What a descriptor's own declaration gets wrong ("setting 'port': its default must be ..."); empty: nothing.
[[nodiscard]] std::string declaration_problem(const evh_setting& setting);

}  // namespace evh::host
