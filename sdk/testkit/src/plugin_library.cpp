#include "plugin_library.h"

#include <dlfcn.h>

#include "descriptor_check.h"
#include "evh/testkit/exported_symbols.h"
#include "evh/testkit/failures.h"

namespace evh::testkit {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw LoadError("cannot load plugin " + path.string() + ": " + why);
}

std::string last_dl_error() {
  const char* text = dlerror();
  return text == nullptr ? "the dynamic linker gives no reason" : text;
}

evh_plugin_entry_function find_entry(const std::filesystem::path& path) {
  void* library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse(path, last_dl_error());
  void* entry = dlsym(library, EVH_PLUGIN_ENTRY);
  if (entry == nullptr) {
    refuse(path, "it does not export " EVH_PLUGIN_ENTRY
                 ": define it with EVH_PLUGIN, or mark it EVH_EXPORT and extern \"C\"");
  }
  return reinterpret_cast<evh_plugin_entry_function>(entry);
}

void check_descriptor(const std::filesystem::path& path, const evh_plugin& plugin) {
  std::string all;
  for (const std::string& problem : descriptor_problems(plugin)) all += "\n  - " + problem;
  if (!all.empty()) refuse(path, "its descriptor is wrong:" + all);
}

}  // namespace

PluginLibrary open_plugin_library(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) refuse(path, "there is no such file");
  PluginLibrary opened;
  opened.surplus_exports = exported_symbols(path);
  std::erase(opened.surplus_exports, EVH_PLUGIN_ENTRY);
  const evh_plugin_entry_function entry = find_entry(path);
  opened.descriptor = entry();
  if (opened.descriptor == nullptr) refuse(path, EVH_PLUGIN_ENTRY " returns NULL");
  if (entry() != opened.descriptor) refuse(path, EVH_PLUGIN_ENTRY " must return the same descriptor each time");
  check_descriptor(path, *opened.descriptor);
  return opened;
}

}  // namespace evh::testkit
