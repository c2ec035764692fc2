// A plugin's shared library, opened for the rest of the process.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evh/plugin.h"

namespace evh::testkit {

struct PluginLibrary {
  const evh_plugin* descriptor = nullptr;
  std::vector<std::string> surplus_exports;  // beside evh_plugin_entry
};

// Throws LoadError: no file, no ELF, unresolved symbols, no entry, a wrong descriptor. The library is never unloaded.
[[nodiscard]] PluginLibrary open_plugin_library(const std::filesystem::path& path);

}  // namespace evh::testkit
