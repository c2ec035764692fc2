#include "settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "evh/utf8.hpp"
#include "json_text.h"
#include "spelling.h"

namespace evh::host {
namespace {

bool is_measure(std::int32_t type) {
  return type == EVH_INTEGER || type == EVH_NUMBER || type == EVH_DURATION || type == EVH_BYTES;
}

// True for digits with a sign, a point and a unit or an exponent: a number, even if it is too large for its type.
bool looks_like_a_number(const evh_setting& setting, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  text = detail::trimmed(text);
  if (text.find_first_of(kDigits) == std::string_view::npos) return false;
  double ignored = 0;
  const auto is_number = [&](std::string_view part) {
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), ignored);
    return problem != std::errc::invalid_argument && end == part.data() + part.size();
  };
  if (setting.type == EVH_NUMBER) return is_number(text);
  const std::size_t size = std::min(text.find_first_not_of("+-.0123456789"), text.size());
  if (!is_number(text.substr(0, size))) return false;
  evh_setting unbounded = setting;
  unbounded.min = unbounded.max = nullptr;
  std::string ignored_problem;
  return parse_setting(unbounded, "1" + std::string(detail::trimmed(text.substr(size))), ignored_problem).has_value();
}

std::string joined(const std::vector<Scalar>& values) {
  std::string text;
  for (const Scalar& value : values) {
    if (!text.empty()) text += ",";
    text += value.text;
  }
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

// Empty: it can be handed to a plugin.
std::string text_problem(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return "must not contain NUL";
  if (!is_utf8(text)) return "must be UTF-8";
  return {};
}

class Resolver {
 public:
  Resolver(const SettingsOwner& owner, std::vector<std::string>& problems, std::vector<Warning>& warnings)
      : owner_(owner), problems_(problems), warnings_(warnings) {}

  Setting from_default(const evh_setting& declared) {
    Setting setting{.declared = &declared, .value = {}, .text = {}, .is_default = true, .variables = {}};
    if ((declared.flags & EVH_SETTING_REQUIRED) != 0) {
      refuse(owner_.place, declared.name, std::string("is missing; it has no default. Add it under 'settings:'"));
    } else if (declared.default_value != nullptr) {
      std::string ignored;  // the descriptor was checked when it was loaded
      setting.text = declared.default_value;
      setting.value = parse_setting(declared, setting.text, ignored).value_or(SettingValue{});
    }
    return setting;
  }

  Setting from_entry(const evh_setting& declared, const SettingEntry& entry) {
    Setting setting{
        .declared = &declared, .value = {}, .text = joined(entry.values), .is_default = false, .variables = {}};
    for (const Scalar& value : entry.values) {
      setting.variables.insert(setting.variables.end(), value.variables.begin(), value.variables.end());
      if (const std::string problem = text_problem(value.text); !problem.empty()) {
        refuse(value.place, entry.name, problem + origin(value));
        return setting;
      }
    }
    if (entry.is_list) {
      if (declared.type != EVH_TEXT_LIST) {
        refuse(entry.place, entry.name, "must be " + std::string(describe_type(declared.type)) + ", got a list");
      }
      for (const Scalar& value : entry.values) setting.value.list.push_back(value.text);
      return setting;
    }
    const Scalar& scalar = entry.values.front();
    std::string problem;
    if (auto value = parse_setting(declared, scalar.text, problem)) {
      setting.value = std::move(*value);
      return setting;
    }
    const bool falls_back =
        is_measure(declared.type) && !scalar.variables.empty() && !looks_like_a_number(declared, scalar.text);
    if (falls_back && take_fallback(declared, scalar, setting)) {
      warn(declared, scalar, problem, setting);
      return setting;
    }
    refuse(scalar.place, entry.name, problem + origin(scalar));
    return setting;
  }

  void refuse(Place place, const std::string& name, const std::string& what) {
    std::string line = owner_.label + ": setting '" + name + "' " + what;
    if (!owner_.see.empty()) line += "; " + owner_.see;
    problems_.push_back(at(owner_.file, place, line));
  }

 private:
  static std::string origin(const Scalar& scalar) {
    if (scalar.variables.empty()) return {};
    return " (from the environment: " + joined(scalar.variables) + ")";
  }

  // The default that is written behind the variable, else the declared one.
  static bool take_fallback(const evh_setting& declared, const Scalar& scalar, Setting& setting) {
    std::string ignored;
    if (scalar.fallback) {
      auto value = parse_setting(declared, *scalar.fallback, ignored);
      if (value) setting.value = std::move(*value);
      setting.text = *scalar.fallback;
      setting.variables.clear();
      return value.has_value();
    }
    if (declared.default_value == nullptr) return false;
    setting.text = declared.default_value;
    setting.value = parse_setting(declared, setting.text, ignored).value_or(SettingValue{});
    setting.is_default = true;
    setting.variables.clear();
    return true;
  }

  void warn(const evh_setting& declared, const Scalar& scalar, const std::string& problem, const Setting& setting) {
    const std::string used = setting.is_secret() ? "***" : setting.text;
    warnings_.push_back({.message = "setting '" + std::string(declared.name) + "' " + problem +
                                    " (from the environment: " + joined(scalar.variables) + "); its default " + used +
                                    " is used",
                         .plugin = owner_.plugin_id,
                         .setting = declared.name,
                         .variable = joined(scalar.variables)});
  }

  const SettingsOwner& owner_;
  std::vector<std::string>& problems_;
  std::vector<Warning>& warnings_;
};

}  // namespace

const Setting* Settings::find(std::string_view name) const noexcept {
  const auto found = std::find_if(settings_.begin(), settings_.end(),
                                  [name](const Setting& setting) { return setting.declared->name == name; });
  return found == settings_.end() ? nullptr : &*found;
}

std::string Settings::masked_json(const Secrets& secrets) const {
  std::string storage;
  std::string json = "{";
  for (const Setting& setting : settings_) {
    if (json.size() > 1) json += ",";
    append_json_string(json, setting.declared->name);
    json += ":";
    if (setting.is_secret()) {
      append_json_string(json, "***");
    } else if (setting.declared->type == EVH_INTEGER) {
      json += std::to_string(setting.value.integer);
    } else if (setting.declared->type == EVH_BOOLEAN) {
      json += setting.value.integer != 0 ? "true" : "false";
    } else if (setting.declared->type == EVH_NUMBER) {
      char digits[32];
      json.append(digits, std::to_chars(digits, digits + sizeof digits, setting.value.number).ptr);
    } else if (setting.declared->type == EVH_TEXT_LIST) {
      json += "[";
      for (const std::string& item : setting.value.list) {
        if (json.back() != '[') json += ",";
        append_json_string(json, secrets.masked(item, storage));
      }
      json += "]";
    } else {
      append_json_string(json, secrets.masked(setting.text, storage));
    }
  }
  return json += "}";
}

Settings resolve_settings(const SettingsOwner& owner, std::span<const evh_setting> declared,
                          std::span<const SettingEntry> entries, std::vector<std::string>& problems,
                          std::vector<Warning>& warnings) {
  Resolver resolver(owner, problems, warnings);
  std::vector<std::string_view> names;
  for (const evh_setting& setting : declared) names.emplace_back(setting.name);
  for (const SettingEntry& entry : entries) {
    if (std::find(names.begin(), names.end(), entry.name) == names.end()) {
      resolver.refuse(entry.place, entry.name, "is unknown; " + advise(entry.name, names));
    }
  }
  std::vector<Setting> settings;
  settings.reserve(declared.size());
  for (const evh_setting& setting : declared) {
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const SettingEntry& given) { return given.name == setting.name; });
    settings.push_back(entry == entries.end() ? resolver.from_default(setting) : resolver.from_entry(setting, *entry));
  }
  return Settings(std::move(settings));
}

std::string declaration_problem(const evh_setting& setting) {
  const std::string label = std::string("setting '") + setting.name + "'";
  if (setting.type < EVH_TEXT || setting.type > EVH_CHOICE) return label + " is of an unknown type";
  if (setting.type == EVH_CHOICE && (setting.max == nullptr || *setting.max == '\0')) {
    return label + " is a choice without words";
  }
  const bool is_required = (setting.flags & EVH_SETTING_REQUIRED) != 0;
  if (is_required && setting.default_value != nullptr) return label + " is required and has a default";
  std::string problem;
  evh_setting unbounded = setting;
  if (is_measure(setting.type)) {
    unbounded.min = unbounded.max = nullptr;
    for (const char* bound : {setting.min, setting.max}) {
      if (bound != nullptr && !parse_setting(unbounded, bound, problem)) return label + " has a bound that " + problem;
    }
  }
  if (setting.default_value != nullptr && !parse_setting(setting, setting.default_value, problem)) {
    return label + " has a default that " + problem;
  }
  return {};
}

}  // namespace evh::host
