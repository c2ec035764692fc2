/* One setting of every type; logs the values that it gets. */
#include <stdio.h>

#include "skeleton.h"

static const evh_setting kSettings[] = {
    {"text", "hello", NULL, NULL, "any text", EVH_TEXT, 0},
    {"integer", "8080", "1", "65535", "a port", EVH_INTEGER, 0},
    {"number", "0.5", "0", "1", "a share", EVH_NUMBER, 0},
    {"boolean", "false", NULL, NULL, "whether", EVH_BOOLEAN, 0},
    {"duration", "10s", "1ms", "1h", "how long", EVH_DURATION, 0},
    {"bytes", "1MiB", "1KiB", "1GiB", "how much", EVH_BYTES, 0},
    {"list", "a,b", NULL, NULL, "many", EVH_TEXT_LIST, 0},
    {"choice", "red", NULL, "red|green", "which", EVH_CHOICE, 0},
    {"token", NULL, NULL, NULL, "a password", EVH_TEXT, EVH_SETTING_SECRET},
    {"pin", "1234", NULL, NULL, "a secret number", EVH_INTEGER, EVH_SETTING_SECRET},
};

static void say_integer(void* self, const char* name) {
  char digits[32];
  int64_t value = 0;
  if (host_of(self)->get_int(host_of(self)->self, name, &value) != EVH_OK) return;
  snprintf(digits, sizeof digits, "%lld", (long long)value);
  say_of(self, name, "value", text_of(digits));
}

static void say_text(void* self, const char* name) {
  evh_str value;
  if (host_of(self)->get_text(host_of(self)->self, name, &value) == EVH_OK) say_of(self, name, "value", value);
}

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  evh_str items[4];
  size_t count = 0;
  double number = 0;
  char digits[32];
  skeleton_create(host, self, error);
  say_text(*self, "text");
  say_text(*self, "choice");
  say_integer(*self, "integer");
  say_integer(*self, "boolean");
  say_integer(*self, "duration");
  say_integer(*self, "bytes");
  if (host->get_number(host->self, "number", &number) != EVH_OK) return EVH_INTERNAL;
  snprintf(digits, sizeof digits, "%g", number);
  say_of(*self, "number", "value", text_of(digits));
  if (host->get_list(host->self, "list", items, 4, &count) != EVH_OK) return EVH_INTERNAL;
  for (size_t i = 0; i < count && i < 4; ++i) say_of(*self, "list", "value", items[i]);
  if (host->get_int(host->self, "text", &(int64_t){0}) != EVH_NOT_FOUND) return EVH_INTERNAL;
  return EVH_OK;
}

static void change(evh_plugin* plugin) {
  plugin->settings = kSettings;
  plugin->setting_count = sizeof kSettings / sizeof kSettings[0];
  plugin->create = create;
}

SKELETON_ENTRY("configurable", change)
