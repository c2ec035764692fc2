// The YAML file, read and checked for its form. What a plugin's settings mean is checked later, against the plugin.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "environment.h"
#include "problem.h"
#include "substitution.h"

namespace evh::host {

// A value with its variables filled in.
struct Scalar : Filled {
  Place place;
};

// `name: value` or `name: [value, ...]` under `settings:` or `host:`.
struct SettingEntry {
  std::string name;
  Place place;  // of the name
  bool is_list = false;
  std::vector<Scalar> values;  // exactly one unless is_list
};

// `service: id` under `uses:`.
struct UseEntry {
  std::string service;
  Place place;  // of the service
  std::string provider;
  Place provider_place;
};

// One of `plugins:`.
struct PluginEntry {
  Place place;
  std::string id;
  std::string plugin;  // a name or a path
  Place plugin_place;
  std::vector<SettingEntry> settings;
  std::vector<UseEntry> uses;
};

struct HostSettings {
  std::int32_t log_level = 0;  // EVH_LOG_...
  std::chrono::microseconds shutdown_timeout{};
  std::chrono::microseconds shutdown_delay{};
  std::vector<std::string> plugin_folders;
};

struct Configuration {
  std::string file;
  HostSettings host;
  std::vector<PluginEntry> plugins;  // at least one
  std::vector<Warning> warnings;
};

// Both throw StartRefused. `file` is what messages call the text.
[[nodiscard]] Configuration read_configuration(const std::string& file, const Environment& environment);
[[nodiscard]] Configuration parse_configuration(const std::string& text, const std::string& file,
                                                const Environment& environment);

// Lower case letters, digits, - and _, beginning with a letter or digit, at most 64.
[[nodiscard]] bool is_plugin_id(std::string_view id);

}  // namespace evh::host
