#include "descriptor.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "evh/utf8.hpp"
#include "settings.h"

namespace evh::host {
namespace {

constexpr std::size_t kMostItems = 1000;      // settings, services and needs of one plugin
constexpr std::size_t kLongestText = 4096;    // bytes
constexpr std::size_t kLargestStride = 4096;  // bytes

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("its descriptor is broken: " + what + ". This is a bug of the plugin");
}

std::string text(const char* raw, const std::string& what) {
  if (raw == nullptr) refuse(what + " is NULL");
  const std::size_t size = ::strnlen(raw, kLongestText + 1);
  if (size > kLongestText) refuse(what + " is longer than 4096 bytes");
  std::string result(raw, size);
  if (!is_utf8(result)) refuse(what + " is not UTF-8");
  if (std::any_of(result.begin(), result.end(), [](char c) { return c == '\n' || c == '\r' || c == '\x1b'; })) {
    refuse(what + " is more than one line of plain text");
  }
  return result;
}

bool is_made_of(std::string_view name, std::string_view others) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
  });
}

// "evh.event-store/1": a dotted name and a revision.
std::string service_id(const char* raw, const std::string& what) {
  std::string id = text(raw, what);
  const std::size_t slash = id.find('/');
  const std::string_view revision =
      slash == std::string::npos ? std::string_view{} : std::string_view(id).substr(slash + 1);
  const bool is_revision =
      !revision.empty() && std::all_of(revision.begin(), revision.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_revision || !is_made_of(std::string_view(id).substr(0, slash), ".-_")) {
    refuse(what + " '" + id + "' is no service id like evh.event-store/1");
  }
  return id;
}

// Calls `visit` with a copy of each item of an array whose items may be larger than this host knows.
template <class Item, class Visit>
void each(const Item* items, std::size_t count, std::size_t stride, const std::string& what, Visit visit) {
  if (count == 0) return;
  if (count > kMostItems) refuse("it says that it has " + std::to_string(count) + " " + what);
  if (items == nullptr) refuse("its " + what + " are NULL");
  if (stride < sizeof(Item) || stride > kLargestStride || stride % alignof(Item) != 0) {
    refuse("the stride of its " + what + " is " + std::to_string(stride) + ", at least " +
           std::to_string(sizeof(Item)) + " is needed");
  }
  const char* bytes = reinterpret_cast<const char*>(items);
  for (std::size_t i = 0; i < count; ++i) {
    Item item;
    std::memcpy(&item, bytes + i * stride, sizeof item);
    visit(item);
  }
}

template <class Items, class Name>
void require_unique(const Items& items, const std::string& what, Name name) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (name(items[i]) == name(items[j]))
        refuse("it lists the " + what + " '" + std::string(name(items[i])) + "' twice");
    }
  }
}

void read_settings(const evh_plugin& raw, Descriptor& descriptor) {
  each(raw.settings, raw.setting_count, raw.setting_stride, "settings", [&](const evh_setting& setting) {
    const std::string name = text(setting.name, "the name of a setting");
    if (!is_made_of(name, "_")) refuse("the setting '" + name + "' is not in snake_case");
    text(setting.doc, "the doc line of setting '" + name + "'");
    for (const char* optional_text : {setting.default_value, setting.min, setting.max}) {
      if (optional_text != nullptr) text(optional_text, "the default or a bound of setting '" + name + "'");
    }
    if (const std::string problem = declaration_problem(setting); !problem.empty()) refuse(problem);
    descriptor.settings.push_back(setting);
  });
  require_unique(descriptor.settings, "setting",
                 [](const evh_setting& setting) { return std::string_view(setting.name); });
}

void require_functions(const evh_plugin& raw) {
  const auto require = [](bool is_there, const char* name) {
    if (!is_there) refuse(std::string("its function '") + name + "' is NULL");
  };
  require(raw.create != nullptr, "create");
  require(raw.start != nullptr, "start");
  require(raw.drain != nullptr, "drain");
  require(raw.stop != nullptr, "stop");
  require(raw.destroy != nullptr, "destroy");
}

}  // namespace

Descriptor read_descriptor(const evh_plugin* raw) {
  if (raw == nullptr) refuse("evh_plugin_entry returned NULL");
  // Where the ABI number stands never changes; nothing else may be read before it is known.
  if (raw->abi != EVH_ABI) {
    throw std::runtime_error("it was built for plugin ABI " + std::to_string(raw->abi) + ", this program speaks " +
                             std::to_string(EVH_ABI) + ". Rebuild it with the SDK of this program");
  }
  if (raw->size < sizeof(evh_plugin)) {
    throw std::runtime_error("its descriptor says that it has " + std::to_string(raw->size) + " bytes, at least " +
                             std::to_string(sizeof(evh_plugin)) +
                             " are needed. Rebuild it with the SDK of this program");
  }
  Descriptor descriptor;
  descriptor.raw = raw;
  descriptor.name = text(raw->name, "its name");
  if (!is_made_of(descriptor.name, "-")) {
    refuse("its name '" + descriptor.name + "' is not made of lower case letters, digits and dashes");
  }
  descriptor.version = text(raw->version, "its version");
  descriptor.summary = text(raw->summary, "its summary");
  require_functions(*raw);
  read_settings(*raw, descriptor);
  each(raw->provides, raw->provide_count, sizeof(const char*), "provided services",
       [&](const char* id) { descriptor.provides.push_back(service_id(id, "a provided service")); });
  require_unique(descriptor.provides, "service", [](const std::string& id) { return std::string_view(id); });
  each(raw->needs, raw->need_count, raw->need_stride, "needs", [&](const evh_need& need) {
    descriptor.needs.push_back({service_id(need.service_id, "a need"), need.optional != 0});
  });
  require_unique(descriptor.needs, "need", [](const Need& need) { return std::string_view(need.service); });
  return descriptor;
}

}  // namespace evh::host
