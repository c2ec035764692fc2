// All that is decided before anything starts: which plugins, with which settings, connected how, in which order.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "configuration.h"
#include "graph.h"
#include "plugin_file.h"
#include "secrets.h"
#include "settings.h"

namespace evh::host {

struct PlannedPlugin {
  std::string id;
  Place place;
  std::shared_ptr<const Plugin> plugin;  // shared by the instances of one file
  Settings settings;
};

struct Plan {
  Configuration configuration;
  std::vector<PlannedPlugin> plugins;  // in the order of the configuration
  Graph graph;                         // its nodes are `plugins`
  std::vector<Warning> warnings;
};

// Of all settings of all plugins.
[[nodiscard]] Secrets secrets_of(const Plan& plan);

// Opens every plugin and checks everything; creates nothing. Throws StartRefused: with all problems of settings at
// once, else with the first one.
[[nodiscard]] Plan make_plan(Configuration configuration);

}  // namespace evh::host
