#include "descriptor_check.h"

#include <cstring>
#include <set>
#include <string_view>

#include "setting_check.h"
#include "text_check.h"

namespace evh::testkit {
namespace {

using Problems = std::vector<std::string>;

constexpr std::string_view kLowerAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";

bool is_plugin_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.back() != '-' &&
         name.find_first_not_of(std::string(kLowerAndDigits) + "-") == std::string_view::npos;
}

// "vendor.name/1"
bool is_service_id(std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  const std::string_view revision = id.substr(slash + 1);
  return id.substr(0, slash).find_first_not_of(std::string(kLowerAndDigits) + ".-") == std::string_view::npos &&
         !revision.empty() && revision[0] != '0' && revision.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_line(const char* field, const char* text, Problems& problems) {
  if (text == nullptr || !is_one_line(text)) problems.push_back(std::string(field) + " must be one line of UTF-8");
}

void check_service_ids(const char* list, const std::vector<const char*>& ids, Problems& problems) {
  std::set<std::string_view> seen;
  for (const char* id : ids) {
    if (id == nullptr || !is_service_id(id)) {
      problems.push_back(std::string(list) + " must hold ids such as \"vendor.name/1\", got '" +
                         (id == nullptr ? "NULL" : id) + "'");
    } else if (!seen.insert(id).second) {
      problems.push_back(std::string(list) + " names " + id + " twice");
    }
  }
}

void check_settings(const evh_plugin& plugin, Problems& problems) {
  if (plugin.setting_count == 0) return;
  if (plugin.settings == nullptr || plugin.setting_stride < sizeof(evh_setting)) {
    problems.emplace_back("settings is NULL, or setting_stride is less than sizeof(evh_setting)");
    return;
  }
  std::set<std::string_view> seen;
  for (const evh_setting& setting : declared_settings(plugin)) {
    const Problems more = declaration_problems(setting);
    problems.insert(problems.end(), more.begin(), more.end());
    if (setting.name != nullptr && !seen.insert(setting.name).second) {
      problems.push_back("setting '" + std::string(setting.name) + "' is declared twice");
    }
  }
}

void check_needs(const evh_plugin& plugin, Problems& problems) {
  if (plugin.need_count == 0) return;
  if (plugin.needs == nullptr || plugin.need_stride < sizeof(evh_need)) {
    problems.emplace_back("needs is NULL, or need_stride is less than sizeof(evh_need)");
    return;
  }
  std::vector<const char*> ids;
  for (const evh_need& need : declared_needs(plugin)) {
    ids.push_back(need.service_id);
    if ((need.optional != 0 && need.optional != 1) || need.reserved != 0) {
      problems.emplace_back("a need's `optional` must be 0 or 1, and its `reserved` 0");
    }
  }
  check_service_ids("needs", ids, problems);
}

}  // namespace

std::vector<evh_need> declared_needs(const evh_plugin& plugin) {
  std::vector<evh_need> needs;
  const char* at = reinterpret_cast<const char*>(plugin.needs);
  for (std::size_t index = 0; index < plugin.need_count; ++index, at += plugin.need_stride) {
    std::memcpy(&needs.emplace_back(), at, sizeof(evh_need));
  }
  return needs;
}

std::vector<std::string> descriptor_problems(const evh_plugin& plugin) {
  if (plugin.size < sizeof(evh_plugin)) {
    return {"size is " + std::to_string(plugin.size) + ", less than the " + std::to_string(sizeof(evh_plugin)) +
            " bytes of this contract's first descriptor: set it to sizeof(evh_plugin)"};
  }
  if (plugin.abi != EVH_ABI) {
    return {"it was built for ABI " + std::to_string(plugin.abi) + ", this test host speaks ABI " +
            std::to_string(EVH_ABI) + ": build both with the same SDK"};
  }
  Problems problems;
  if (plugin.reserved != 0) problems.emplace_back("reserved must be 0");
  if (plugin.name == nullptr || !is_plugin_name(plugin.name)) {
    problems.push_back("name must be of lower-case letters, digits and dashes, got '" +
                       std::string(plugin.name == nullptr ? "NULL" : plugin.name) + "'");
  }
  check_line("version", plugin.version, problems);
  check_line("summary", plugin.summary, problems);
  check_settings(plugin, problems);
  if (plugin.provide_count > 0 && plugin.provides == nullptr) {
    problems.emplace_back("provides is NULL, but provide_count is not 0");
  } else {
    check_service_ids("provides", {plugin.provides, plugin.provides + plugin.provide_count}, problems);
  }
  check_needs(plugin, problems);
  if (plugin.create == nullptr || plugin.start == nullptr || plugin.drain == nullptr || plugin.stop == nullptr ||
      plugin.destroy == nullptr) {
    problems.emplace_back("create, start, drain, stop and destroy must all be there");
  }
  return problems;
}

}  // namespace evh::testkit
