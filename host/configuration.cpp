#include "configuration.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "bounded_file.h"
#include "evh/log.h"
#include "evh/setting.hpp"
#include "settings.h"
#include "yaml_reader.h"

namespace evh::host {
namespace {

constexpr evh_setting kHostSettings[] = {
    setting::choice("log_level", "debug|info|warn|error", "info", "the least important log lines that are written"),
    setting::duration("shutdown_timeout", "10s", "how long draining and stopping may take in all",
                      {.min = "1ms", .max = "1d"}),
    setting::duration("shutdown_delay", "0s", "how long the process goes on serving after it was told to end",
                      {.min = "0s", .max = "1h"}),
    setting::list("plugin_folders", "", "where plugins are looked for before the default folder"),
};

std::int32_t log_level(std::string_view word) {
  if (word == "debug") return EVH_LOG_DEBUG;
  if (word == "warn") return EVH_LOG_WARN;
  if (word == "error") return EVH_LOG_ERROR;
  return EVH_LOG_INFO;
}

class ConfigurationParser {
 public:
  ConfigurationParser(const std::string& file, const Environment& environment) : yaml_(file, environment) {
    configuration_.file = file;
  }

  Configuration parse(const std::string& text) {
    std::vector<SettingEntry> host_entries;
    std::optional<Place> plugins;
    for (const YamlReader::Entry& entry : yaml_.entries(yaml_.parse(text), "the configuration")) {
      yaml_.require_known(entry, "the configuration", {"host", "plugins"});
      if (entry.key == "host") host_entries = read_settings(entry.value, "host");
      if (entry.key == "plugins") {
        plugins = entry.place;
        if (!entry.value.IsNull()) read_plugins(entry.value);
      }
    }
    if (!plugins)
      yaml_.refuse({}, "has no 'plugins:'. List at least one plugin, as in `- {id: http, plugin: http-api}`");
    if (configuration_.plugins.empty()) {
      yaml_.refuse(*plugins, "plugins is empty. List at least one plugin, as in `- {id: http, plugin: http-api}`");
    }
    resolve_host(host_entries);
    return std::move(configuration_);
  }

 private:
  void resolve_host(const std::vector<SettingEntry>& entries) {
    const SettingsOwner owner{.file = configuration_.file, .place = {}, .label = "host", .plugin_id = {}, .see = {}};
    std::vector<std::string> problems;
    const Settings settings = resolve_settings(owner, kHostSettings, entries, problems, configuration_.warnings);
    if (!problems.empty()) throw StartRefused(std::move(problems));
    configuration_.host = {
        .log_level = log_level(settings.find("log_level")->value.text),
        .shutdown_timeout = std::chrono::microseconds(settings.find("shutdown_timeout")->value.integer),
        .shutdown_delay = std::chrono::microseconds(settings.find("shutdown_delay")->value.integer),
        .plugin_folders = settings.find("plugin_folders")->value.list,
    };
  }

  void read_plugins(const YAML::Node& node) {
    for (const YAML::Node& item : yaml_.items(node, "plugins")) {
      PluginEntry plugin = read_plugin(item);
      for (const PluginEntry& earlier : configuration_.plugins) {
        if (earlier.id != plugin.id) continue;
        yaml_.refuse(plugin.place, "the id '" + plugin.id + "' is taken by the plugin in line " +
                                       std::to_string(earlier.place.line) + ". Choose another");
      }
      configuration_.plugins.push_back(std::move(plugin));
    }
  }

  PluginEntry read_plugin(const YAML::Node& node) {
    PluginEntry plugin;
    plugin.place = YamlReader::place_of(node.Mark());
    const std::vector<YamlReader::Entry> entries = yaml_.entries(node, "an item of plugins");
    for (const YamlReader::Entry& entry : entries) {
      yaml_.require_known(entry, "an item of plugins", {"id", "plugin", "settings", "uses"});
      if (entry.key == "id") plugin.id = read_id(entry.value, "id");
      if (entry.key == "plugin") {
        const Scalar name = yaml_.scalar(entry.value, "plugin");
        plugin.plugin = name.text;
        plugin.plugin_place = name.place;
        if (name.text.empty())
          yaml_.refuse(name.place, "plugin is empty. Name a plugin, or a file by its absolute path");
        if (name.text.find('\0') != std::string::npos)
          yaml_.refuse(name.place, "plugin holds a NUL. Name a plugin, or a file by its absolute path");
      }
    }
    if (plugin.id.empty()) yaml_.refuse(plugin.place, "an item of plugins has no 'id'. Add one, as in `id: http`");
    if (plugin.plugin.empty()) {
      yaml_.refuse(plugin.place, "plugin '" + plugin.id + "' has no 'plugin'. Say which, as in `plugin: http-api`");
    }
    const std::string label = "plugin '" + plugin.id + "'";
    for (const YamlReader::Entry& entry : entries) {
      if (entry.key == "settings") plugin.settings = read_settings(entry.value, label);
      if (entry.key == "uses") plugin.uses = read_uses(entry.value, label);
    }
    return plugin;
  }

  std::string read_id(const YAML::Node& node, const std::string& what) {
    const Scalar id = yaml_.scalar(node, what);
    if (!is_plugin_id(id.text)) {
      yaml_.refuse(id.place, what + " '" + id.text + "' is no id. Use lower case letters, digits, - and _, at most 64");
    }
    return id.text;
  }

  // An absent map ("settings:" with nothing behind it) is an empty one.
  std::vector<SettingEntry> read_settings(const YAML::Node& node, const std::string& label) {
    std::vector<SettingEntry> settings;
    if (node.IsNull()) return settings;
    for (const YamlReader::Entry& entry : yaml_.entries(node, label + ": settings")) {
      const std::string what = label + ": setting '" + entry.key + "'";
      SettingEntry setting{entry.key, entry.place, entry.value.IsSequence(), {}};
      if (setting.is_list) {
        for (const YAML::Node& item : yaml_.items(entry.value, what))
          setting.values.push_back(yaml_.scalar(item, what));
      } else if (entry.value.IsMap()) {
        yaml_.refuse(entry.place, what + " must be a value or a list of values, got a map");
      } else {
        setting.values.push_back(yaml_.scalar(entry.value, what));
      }
      settings.push_back(std::move(setting));
    }
    return settings;
  }

  std::vector<UseEntry> read_uses(const YAML::Node& node, const std::string& label) {
    std::vector<UseEntry> uses;
    if (node.IsNull()) return uses;
    for (const YamlReader::Entry& entry : yaml_.entries(node, label + ": uses")) {
      const std::string what = label + ": uses '" + entry.key + "'";
      uses.push_back({entry.key, entry.place, read_id(entry.value, what), YamlReader::place_of(entry.value.Mark())});
    }
    return uses;
  }

  YamlReader yaml_;
  Configuration configuration_;
};

}  // namespace

bool is_plugin_id(std::string_view id) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !id.empty() && id.size() <= 64 && is_word(id.front()) &&
         std::all_of(id.begin(), id.end(), [&](char c) { return is_word(c) || c == '-' || c == '_'; });
}

Configuration read_configuration(const std::string& file, const Environment& environment) {
  try {
    return parse_configuration(read_bounded_file(file), file, environment);
  } catch (const std::system_error& error) {
    throw StartRefused(file + ": cannot be read: " + error.code().message() + ". Name a YAML file with --config FILE");
  }
}

Configuration parse_configuration(const std::string& text, const std::string& file, const Environment& environment) {
  return ConfigurationParser(file, environment).parse(text);
}

}  // namespace evh::host
