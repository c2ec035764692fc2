#include "host_table.h"

#include <algorithm>

#include "evh/text.hpp"
#include "plugin_instance.h"

namespace evh::testkit {
namespace {

PluginInstance& of(void* self) {
  return *static_cast<PluginInstance*>(self);
}

void log(void* self, std::int32_t level, evh_str message, const evh_log_field* fields, std::size_t field_count) {
  of(self).log(level, message, fields, field_count);
}

std::int32_t log_enabled(void* self, std::int32_t level) {
  return of(self).logs(level) ? 1 : 0;
}

evh_code get_text(void* self, const char* name, evh_str* out) {
  const SettingValue* value = of(self).setting(name, {EVH_TEXT, EVH_CHOICE});
  if (value == nullptr) return EVH_NOT_FOUND;
  *out = str(value->text);
  return EVH_OK;
}

evh_code get_int(void* self, const char* name, std::int64_t* out) {
  const SettingValue* value = of(self).setting(name, {EVH_INTEGER, EVH_BOOLEAN, EVH_DURATION, EVH_BYTES});
  if (value == nullptr) return EVH_NOT_FOUND;
  *out = value->integer;
  return EVH_OK;
}

evh_code get_number(void* self, const char* name, double* out) {
  const SettingValue* value = of(self).setting(name, {EVH_NUMBER});
  if (value == nullptr) return EVH_NOT_FOUND;
  *out = value->number;
  return EVH_OK;
}

evh_code get_list(void* self, const char* name, evh_str* out, std::size_t room, std::size_t* count) {
  const SettingValue* value = of(self).setting(name, {EVH_TEXT_LIST});
  if (value == nullptr) return EVH_NOT_FOUND;
  *count = value->list.size();
  for (std::size_t index = 0; index < std::min(room, *count); ++index) out[index] = str(value->list[index]);
  return EVH_OK;
}

evh_code publish(void* self, const char* service_id, const void* table, evh_error* error) {
  return of(self).publish(service_id, table, error);
}

const void* find(void* self, const char* service_id) {
  const auto services = of(self).find(service_id);
  return services.empty() ? nullptr : services.front()->table;
}

std::size_t find_all(void* self, const char* service_id, evh_provider* out, std::size_t room) {
  const auto services = of(self).find(service_id);
  for (std::size_t index = 0; index < std::min(room, services.size()); ++index) {
    out[index] = {services[index]->table, str(services[index]->instance)};
  }
  return services.size();
}

void request_shutdown(void* self, evh_str why) {
  of(self).request_shutdown(view(why));
}

evh_time now(void* self) {
  return of(self).now();
}

evh_code wait_until(void* self, evh_time until) {
  return of(self).wait_until(until);
}

void set_health(void* self, std::int32_t health, evh_str why) {
  of(self).set_health(health, why);
}

}  // namespace

evh_host make_host_table(PluginInstance& instance) {
  return {.size = sizeof(evh_host),
          .self = &instance,
          .instance = str(instance.id()),
          .log = log,
          .log_enabled = log_enabled,
          .get_text = get_text,
          .get_int = get_int,
          .get_number = get_number,
          .get_list = get_list,
          .publish = publish,
          .find = find,
          .find_all = find_all,
          .request_shutdown = request_shutdown,
          .now = now,
          .wait_until = wait_until,
          .set_health = set_health};
}

}  // namespace evh::testkit
