#include "plugin_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "process_end.h"
#include "spelling.h"

namespace evh::host {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

// Reachable for good, so that no leak checker misses what it holds, and never destroyed, which would unload.
std::vector<dll::shared_library>& opened_libraries() {
  static auto* const libraries = new std::vector<dll::shared_library>;
  return *libraries;
}

fs::path program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::current_path() : program.parent_path();
}

std::vector<std::string> plugin_names(std::span<const fs::path> folders) {
  std::vector<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".so") names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

[[noreturn]] void refuse_unknown_name(const std::string& name, std::span<const fs::path> folders) {
  const std::vector<std::string> names = plugin_names(folders);
  const std::vector<std::string_view> views(names.begin(), names.end());
  std::string searched;
  for (const fs::path& folder : folders) searched += (searched.empty() ? "" : ", ") + folder.string();
  throw std::runtime_error("there is no " + name + ".so in " + searched + "; " + advise(name, views));
}

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw std::runtime_error("the file " + path.string() + " cannot be opened: " +
                             std::generic_category().message(errno) + ". Check the path and its permissions");
  }
  return status;
}

void require_owned(const fs::path& path, const struct stat& status, const std::string& what) {
  if (status.st_uid == ::geteuid() || status.st_uid == 0) return;
  throw std::runtime_error(what + " " + path.string() + " belongs to user " + std::to_string(status.st_uid) +
                           ", who is neither root nor the user of this process. Run `chown root " + path.string() +
                           "` if you trust it");
}

void require_owned_and_unwritable(const fs::path& path, const struct stat& status, const std::string& what) {
  require_owned(path, status, what);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw std::runtime_error(
        what + " " + path.string() +
        " may be written by others than its owner, so others could run code here. Run `chmod go-w " + path.string() +
        "`");
  }
}

// No folder above `folder` lets others move it away. The sticky bit keeps them from that, as in /tmp; a user's own
// group may write where files are made with umask 002, and has no other members there.
void require_irreplaceable(const fs::path& folder) {
  for (fs::path above = folder.parent_path(); above != above.parent_path(); above = above.parent_path()) {
    const struct stat status = status_of(above);
    require_owned(above, status, "the folder");
    const bool is_for_group = (status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && status.st_gid != ::getegid();
    const bool is_for_all = (status.st_mode & S_IWOTH) != 0;
    if ((status.st_mode & S_ISVTX) != 0 || (!is_for_group && !is_for_all)) continue;
    throw std::runtime_error("the folder " + above.string() +
                             " may be written by others than its owner, so others could put another plugin below it. "
                             "Run `chmod go-w " +
                             above.string() + "`");
  }
}

const evh_plugin* descriptor_from(evh_plugin_entry_function entry) {
  constexpr const char* kThrew = "its function " EVH_PLUGIN_ENTRY " threw an exception: ";
  constexpr const char* kAdvice = ". This is a bug of the plugin";
  try {
    return entry();
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string(kThrew) + error.what() + kAdvice);
  } catch (...) {
    throw std::runtime_error(std::string(kThrew) + "no std::exception" + kAdvice);
  }
}

// What dlopen said, without Boost's words around it.
std::string reason_of(const std::exception& error) {
  const std::string_view what = error.what();
  constexpr std::string_view kBegin = "(dlerror system message: ";
  const std::size_t begin = what.find(kBegin);
  const std::size_t end = what.rfind("): ");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return error.what();
  return std::string(what.substr(begin + kBegin.size(), end - begin - kBegin.size()));
}

}  // namespace

std::vector<fs::path> plugin_folders(std::span<const std::string> configured) {
  std::vector<fs::path> folders;
  for (const std::string& folder : configured) folders.push_back(fs::absolute(folder).lexically_normal());
  folders.push_back((program_folder() / "../lib/events-handler/plugins").lexically_normal());
  return folders;
}

fs::path find_plugin(const std::string& plugin, std::span<const fs::path> folders) {
  if (plugin.find('/') != std::string::npos) {
    fs::path path = plugin;
    if (!path.is_absolute()) {
      throw std::runtime_error("the path '" + plugin +
                               "' is relative. Write a plain name, or an absolute path such as " +
                               fs::absolute(path).lexically_normal().string());
    }
    return path.lexically_normal();
  }
  for (const fs::path& folder : folders) {
    fs::path file = folder / (plugin + ".so");
    std::error_code error;
    if (fs::exists(fs::symlink_status(file, error))) return file;
  }
  refuse_unknown_name(plugin, folders);
}

fs::path require_safe(const fs::path& file) {
  std::error_code error;
  const fs::path real_file = fs::canonical(file, error);
  if (error) {
    throw std::runtime_error("the file " + file.string() + " cannot be opened: " + error.message() +
                             ". Check the path and its permissions");
  }
  const struct stat status = status_of(real_file);
  if (!S_ISREG(status.st_mode)) {
    throw std::runtime_error(file.string() + " is no regular file. Name a shared library");
  }
  require_owned_and_unwritable(real_file, status, "the file");
  // Whoever may write the folder, of the file or of a link to it, may put another file in its place.
  require_owned_and_unwritable(real_file.parent_path(), status_of(real_file.parent_path()), "the folder");
  require_owned_and_unwritable(file.parent_path(), status_of(file.parent_path()), "the folder");
  require_irreplaceable(real_file.parent_path());
  return real_file;
}

Plugin open_plugin(const fs::path& file) {
  const CallInHand call_in_hand(file.native(), "open");
  const fs::path real_file = require_safe(file);
  dll::shared_library library;
  try {
    library.load(real_file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::exception& error) {
    throw std::runtime_error("the file " + file.string() + " is no library that can be loaded: " + reason_of(error) +
                             ". Build it for this machine, with all it needs linked in");
  }
  evh_plugin_entry_function entry = nullptr;
  try {
    entry = &library.get<const evh_plugin*()>(EVH_PLUGIN_ENTRY);
  } catch (const std::exception&) {
    throw std::runtime_error("the file " + file.string() +
                             " exports no function " EVH_PLUGIN_ENTRY
                             ", so it is no plugin. Build it with evh_add_plugin()");
  }
  opened_libraries().push_back(std::move(library));
  try {
    return {file, read_descriptor(descriptor_from(entry))};
  } catch (const std::exception& error) {
    throw std::runtime_error("the file " + file.string() + " is refused: " + error.what());
  }
}

}  // namespace evh::host
