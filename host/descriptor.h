// A plugin's description of itself, checked, in the host's own types.
#pragma once

#include <string>
#include <vector>

#include "evh/plugin.h"

namespace evh::host {

struct Need {
  std::string service;
  bool is_optional = false;
};

struct Descriptor {
  const evh_plugin* raw = nullptr;  // lives as long as the library, which is for ever
  std::string name, version, summary;
  std::vector<evh_setting> settings;  // as this host knows the struct; what they point to is the plugin's
  std::vector<std::string> provides;
  std::vector<Need> needs;
};

// Throws std::runtime_error saying what is wrong with it, in words that follow the plugin's file.
[[nodiscard]] Descriptor read_descriptor(const evh_plugin* raw);

}  // namespace evh::host
