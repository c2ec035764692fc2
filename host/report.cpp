#include "report.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "printable.h"
#include "text_table.h"

namespace evh::host {
namespace {

namespace fs = std::filesystem;

std::string shown(std::string_view text) {
  return text.empty() ? "\"\"" : printable(text);
}

std::string origin(const Setting& setting) {
  if (!setting.variables.empty()) {
    std::string names;
    for (const std::string& name : setting.variables) names += (names.empty() ? "" : ", ") + name;
    return "environment " + names;
  }
  return setting.is_default ? "default" : "file";
}

std::string_view type_name(std::int32_t type) {
  switch (type) {
    case EVH_TEXT:
      return "text";
    case EVH_INTEGER:
      return "integer";
    case EVH_NUMBER:
      return "number";
    case EVH_BOOLEAN:
      return "boolean";
    case EVH_DURATION:
      return "duration";
    case EVH_BYTES:
      return "bytes";
    case EVH_TEXT_LIST:
      return "list";
    default:
      return "choice";
  }
}

std::string bounds(const evh_setting& setting) {
  if (setting.type == EVH_CHOICE) return setting.max;
  const std::string min = setting.min == nullptr ? "" : setting.min;
  const std::string max = setting.max == nullptr ? "" : setting.max;
  if (min.empty() && max.empty()) return "";
  return min + ".." + max;
}

std::string default_of(const evh_setting& setting) {
  if ((setting.flags & EVH_SETTING_REQUIRED) != 0) return "(required)";
  if (setting.default_value == nullptr) return "";
  return (setting.flags & EVH_SETTING_SECRET) != 0 ? "***" : shown(setting.default_value);
}

std::string providers(const Plan& plan, const Edge& edge) {
  if (edge.is_met_by_host) return "the host";
  if (edge.providers.empty()) return "nobody (optional)";
  std::string text = plan.plugins[edge.providers.front()].id;
  for (std::size_t i = 1; i < edge.providers.size(); ++i) {
    text += (i == 1 ? "; also provided by " : ", ") + plan.plugins[edge.providers[i]].id;
  }
  return text + (edge.is_optional ? " (optional)" : "");
}

void add_plugin(const Plan& plan, const Secrets& secrets, std::size_t position, std::string& text) {
  const std::size_t index = plan.graph.start_order[position];
  const PlannedPlugin& planned = plan.plugins[index];
  const Descriptor& descriptor = planned.plugin->descriptor;
  text += "\n" + std::to_string(position + 1) + ". " + planned.id + ": " + descriptor.name + " " + descriptor.version +
          " (" + planned.plugin->file.string() + ")\n";
  for (const std::string& service : descriptor.provides) text += "   provides " + service + "\n";
  TextTable needs(3);
  for (const Edge& edge : plan.graph.edges[index]) needs.add({"uses " + edge.service, "of " + providers(plan, edge)});
  text += needs.text();
  if (descriptor.settings.empty()) return;
  text += "   settings\n";
  TextTable settings(5);
  std::string storage;
  for (const Setting& setting : planned.settings.all()) {
    const std::string value = setting.is_secret() ? "***" : shown(secrets.masked(setting.text, storage));
    settings.add({setting.declared->name, value, origin(setting)});
  }
  text += settings.text();
}

}  // namespace

std::string describe_plan(const Plan& plan) {
  std::string text = plan.configuration.file + ": the plugins, in the order of their start\n";
  const Secrets secrets = secrets_of(plan);
  for (std::size_t i = 0; i < plan.graph.start_order.size(); ++i) add_plugin(plan, secrets, i, text);
  return text;
}

std::string list_plugins(std::span<const fs::path> folders) {
  // The first folder that has a name hides the others, as it does for run.
  std::map<std::string, fs::path> files;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".so") files.emplace(entry.path().stem().string(), entry.path());
    }
  }
  if (files.empty()) {
    std::string text = "no plugins in";
    for (const fs::path& folder : folders) text += " " + folder.string();
    return text + "\n";
  }
  TextTable table;
  table.add({"NAME", "VERSION", "SUMMARY"});
  for (const auto& [name, file] : files) {
    try {
      const Plugin plugin = open_plugin(file);
      table.add({name, plugin.descriptor.version, plugin.descriptor.summary});
    } catch (const std::runtime_error& error) {
      table.add({name, "-", std::string("broken: ") + error.what()});
    }
  }
  return table.text();
}

std::string describe_plugin(const Plugin& plugin) {
  const Descriptor& descriptor = plugin.descriptor;
  std::string text = descriptor.name + " " + descriptor.version + ": " + descriptor.summary + "\n" +
                     plugin.file.string() + "\n\nprovides\n";
  if (descriptor.provides.empty()) text += "  nothing\n";
  for (const std::string& service : descriptor.provides) text += "  " + service + "\n";
  text += "\nneeds\n";
  if (descriptor.needs.empty()) text += "  nothing\n";
  for (const Need& need : descriptor.needs)
    text += "  " + need.service + (need.is_optional ? " (optional)" : "") + "\n";
  text += "\nsettings\n";
  if (descriptor.settings.empty()) return text + "  none\n";
  TextTable table(2);
  table.add({"NAME", "TYPE", "DEFAULT", "BOUNDS", "MEANING"});
  for (const evh_setting& setting : descriptor.settings) {
    const std::string secret = (setting.flags & EVH_SETTING_SECRET) != 0 ? " (secret)" : "";
    table.add({setting.name, std::string(type_name(setting.type)), default_of(setting), bounds(setting),
               setting.doc + secret});
  }
  return text + table.text();
}

std::string describe_version() {
  TextTable table;
  table.add({"events-handler", EVH_VERSION});
  table.add({"plugin ABI", std::to_string(EVH_ABI)});
#if defined(__clang__)
  table.add({"compiler", __VERSION__});
#else
  table.add({"compiler", "GCC " __VERSION__});
#endif
  return table.text();
}

}  // namespace evh::host
