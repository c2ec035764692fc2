// A plugin's file: found, trusted, opened, never closed.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "descriptor.h"

namespace evh::host {

struct Plugin {
  std::filesystem::path file;  // absolute
  Descriptor descriptor;
};

// The folders of the configuration, then the one beside the program: ../lib/events-handler/plugins. All absolute.
[[nodiscard]] std::vector<std::filesystem::path> plugin_folders(std::span<const std::string> configured);

// `plugin` is a name (NAME.so in the first folder that has it) or an absolute path. Throws std::runtime_error saying
// what is wrong and what to do, in words that follow the plugin's id.
[[nodiscard]] std::filesystem::path find_plugin(const std::string& plugin,
                                                std::span<const std::filesystem::path> folders);

// Returns where `file` really is, links followed. Throws std::runtime_error unless that is a regular file that nobody
// but its owner, who is this user or root, may change, and nobody else may put another in its place: whoever checks the
// result and then opens it gets what was checked.
[[nodiscard]] std::filesystem::path require_safe(const std::filesystem::path& file);

// Opens the library, with all its symbols bound, and reads its descriptor. It stays open until the process ends: code
// of it may be in use, in threads and destructors that nobody knows of, when the last instance is gone. Throws
// std::runtime_error as find_plugin does.
[[nodiscard]] Plugin open_plugin(const std::filesystem::path& file);

}  // namespace evh::host
