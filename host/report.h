// What the commands print for people.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "plan.h"
#include "plugin_file.h"

namespace evh::host {

// The order of the start, who uses which service of whom, and every setting with where its value comes from.
[[nodiscard]] std::string describe_plan(const Plan& plan);

// The plugins in the folders: name, version, summary; a broken file with the reason.
[[nodiscard]] std::string list_plugins(std::span<const std::filesystem::path> folders);

// Summary, services and settings of one plugin.
[[nodiscard]] std::string describe_plugin(const Plugin& plugin);

[[nodiscard]] std::string describe_version();

}  // namespace evh::host
