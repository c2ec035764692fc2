// Declares settings: `constexpr evh_setting kSettings[] = {evh::setting::integer("port", "8080", "TCP port", {.min =
// "0", .max = "65535"})};`
#pragma once

#include <cstdint>

#include "evh/setting.h"

namespace evh::setting {

struct Extra {
  const char* min = nullptr;  // inclusive, as written in YAML
  const char* max = nullptr;  // inclusive, as written in YAML
  std::uint32_t flags = 0;    // EVH_SETTING_REQUIRED | EVH_SETTING_SECRET
};

constexpr evh_setting of(std::int32_t type, const char* name, const char* default_value, const char* doc, Extra extra) {
  return {name, default_value, extra.min, extra.max, doc, type, extra.flags};
}
constexpr evh_setting text(const char* name, const char* default_value, const char* doc, Extra extra = {}) {
  return of(EVH_TEXT, name, default_value, doc, extra);
}
constexpr evh_setting integer(const char* name, const char* default_value, const char* doc, Extra extra = {}) {
  return of(EVH_INTEGER, name, default_value, doc, extra);
}
constexpr evh_setting number(const char* name, const char* default_value, const char* doc, Extra extra = {}) {
  return of(EVH_NUMBER, name, default_value, doc, extra);
}
constexpr evh_setting boolean(const char* name, const char* default_value, const char* doc) {
  return of(EVH_BOOLEAN, name, default_value, doc, {});
}
constexpr evh_setting duration(const char* name, const char* default_value, const char* doc, Extra extra = {}) {
  return of(EVH_DURATION, name, default_value, doc, extra);
}
constexpr evh_setting bytes(const char* name, const char* default_value, const char* doc, Extra extra = {}) {
  return of(EVH_BYTES, name, default_value, doc, extra);
}
constexpr evh_setting list(const char* name, const char* default_value, const char* doc) {
  return of(EVH_TEXT_LIST, name, default_value, doc, {});
}
// `words` separated by |.
constexpr evh_setting choice(const char* name, const char* words, const char* default_value, const char* doc) {
  return of(EVH_CHOICE, name, default_value, doc, {.max = words});
}

}  // namespace evh::setting
