#include "plan.h"

#include <map>
#include <stdexcept>
#include <utility>

namespace evh::host {
namespace {

std::vector<PlannedPlugin> open_plugins(const Configuration& configuration) {
  const std::vector<std::filesystem::path> folders = plugin_folders(configuration.host.plugin_folders);
  std::map<std::filesystem::path, std::shared_ptr<const Plugin>> opened;
  std::vector<PlannedPlugin> plugins;
  for (const PluginEntry& entry : configuration.plugins) {
    try {
      const std::filesystem::path file = find_plugin(entry.plugin, folders);
      std::shared_ptr<const Plugin>& plugin = opened[file];
      if (plugin == nullptr) plugin = std::make_shared<const Plugin>(open_plugin(file));
      const bool is_named_by_path = entry.plugin.find('/') != std::string::npos;
      if (!is_named_by_path && plugin->descriptor.name != entry.plugin) {
        throw std::runtime_error("the file " + file.string() + " calls itself '" + plugin->descriptor.name +
                                 "'. Name the file after the plugin");
      }
      plugins.push_back({entry.id, entry.place, plugin, {}});
    } catch (const std::runtime_error& error) {
      throw StartRefused(at(configuration.file, entry.plugin_place, "plugin '" + entry.id + "': " + error.what()));
    }
  }
  return plugins;
}

void resolve_all_settings(Plan& plan) {
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < plan.plugins.size(); ++i) {
    PlannedPlugin& planned = plan.plugins[i];
    const Descriptor& descriptor = planned.plugin->descriptor;
    const SettingsOwner owner{.file = plan.configuration.file,
                              .place = planned.place,
                              .label = "plugin '" + planned.id + "'",
                              .plugin_id = planned.id,
                              .see = "see `events-handler plugins show " + descriptor.name + "`"};
    planned.settings =
        resolve_settings(owner, descriptor.settings, plan.configuration.plugins[i].settings, problems, plan.warnings);
  }
  if (problems.empty()) return;
  // A setting that is no secret may have been given the value of one.
  const Secrets secrets = secrets_of(plan);
  std::string storage;
  for (std::string& problem : problems) problem = std::string(secrets.masked(problem, storage));
  throw StartRefused(std::move(problems));
}

}  // namespace

Secrets secrets_of(const Plan& plan) {
  Secrets secrets;
  for (const PlannedPlugin& planned : plan.plugins) {
    for (const Setting& setting : planned.settings.all()) {
      if (!setting.is_secret()) continue;
      secrets.add(setting.text);
      for (const std::string& item : setting.value.list) secrets.add(item);
    }
  }
  return secrets;
}

Plan make_plan(Configuration configuration) {
  Plan plan{.configuration = std::move(configuration), .plugins = {}, .graph = {}, .warnings = {}};
  plan.warnings = plan.configuration.warnings;
  plan.plugins = open_plugins(plan.configuration);
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < plan.plugins.size(); ++i) {
    const PlannedPlugin& planned = plan.plugins[i];
    const Descriptor& descriptor = planned.plugin->descriptor;
    nodes.push_back({planned.id, planned.place, descriptor.name, descriptor.provides, descriptor.needs,
                     plan.configuration.plugins[i].uses});
  }
  resolve_all_settings(plan);
  plan.graph = connect(plan.configuration.file, nodes);
  return plan;
}

}  // namespace evh::host
