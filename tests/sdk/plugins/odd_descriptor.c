/* A plugin whose descriptor is wrong in the way that the environment variable ODD_DESCRIPTOR names. */
#include <stdlib.h>
#include <string.h>

#include "evh/plugin.h"

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  static int nothing;
  (void)host;
  (void)error;
  *self = &nothing;
  return EVH_OK;
}
static evh_code start(void* self, evh_error* error) {
  (void)self;
  (void)error;
  return EVH_OK;
}
static evh_code drain(void* self, evh_span budget, evh_error* error) {
  (void)budget;
  return start(self, error);
}
static void stop(void* self) {
  (void)self;
}

static const evh_setting good_settings[] = {
    {"first", "1", "0", "9", "an integer", EVH_INTEGER, 0},
    {"second", NULL, NULL, NULL, "a text", EVH_TEXT, 0},
};
static const char* const good_provides[] = {"test.one/1", "test.two/1"};
static const evh_need good_needs[] = {{"test.three/1", 1, 0}, {"test.four/1", 1, 0}};

static evh_setting settings[2];
static const char* provides[2];
static evh_need needs[2];
static const evh_plugin good_descriptor = {
    .size = sizeof(evh_plugin),
    .abi = EVH_ABI,
    .name = "odd-descriptor",
    .version = "1.0.0",
    .summary = "Has an odd descriptor",
    .settings = settings,
    .setting_count = 2,
    .setting_stride = sizeof(evh_setting),
    .provides = provides,
    .provide_count = 2,
    .needs = needs,
    .need_count = 2,
    .need_stride = sizeof(evh_need),
    .create = create,
    .start = start,
    .drain = drain,
    .stop = stop,
    .destroy = stop,
};
static evh_plugin descriptor;

static void make_good(void) {
  memcpy(settings, good_settings, sizeof settings);
  memcpy(provides, good_provides, sizeof provides);
  memcpy(needs, good_needs, sizeof needs);
  descriptor = good_descriptor;
}

/* clang-format off: one oddity a line */
static void make_odd(const char* how) {
  if (strcmp(how, "small size") == 0) descriptor.size = sizeof(evh_plugin) - 8;
  if (strcmp(how, "another abi") == 0) descriptor.abi = EVH_ABI + 1;
  if (strcmp(how, "reserved") == 0) descriptor.reserved = 1;
  if (strcmp(how, "no name") == 0) descriptor.name = NULL;
  if (strcmp(how, "upper-case name") == 0) descriptor.name = "Odd";
  if (strcmp(how, "no version") == 0) descriptor.version = NULL;
  if (strcmp(how, "summary of two lines") == 0) descriptor.summary = "two\nlines";
  if (strcmp(how, "no settings") == 0) descriptor.settings = NULL;
  if (strcmp(how, "short setting stride") == 0) descriptor.setting_stride = 8;
  if (strcmp(how, "setting without a name") == 0) settings[1].name = NULL;
  if (strcmp(how, "setting in camel case") == 0) settings[1].name = "secondSetting";
  if (strcmp(how, "setting twice") == 0) settings[1].name = "first";
  if (strcmp(how, "setting without doc") == 0) settings[1].doc = NULL;
  if (strcmp(how, "setting of an unknown type") == 0) settings[1].type = 99;
  if (strcmp(how, "setting with unknown flags") == 0) settings[1].flags = 8;
  if (strcmp(how, "default that does not fit") == 0) settings[0].default_value = "10";
  if (strcmp(how, "min that is no number") == 0) settings[0].min = "zero";
  if (strcmp(how, "min above max") == 0) settings[0].min = "10";
  if (strcmp(how, "text with bounds") == 0) settings[1].max = "9";
  if (strcmp(how, "choice without words") == 0) settings[1].type = EVH_CHOICE;
  if (strcmp(how, "required with a default") == 0) settings[0].flags = EVH_SETTING_REQUIRED;
  if (strcmp(how, "provides without revision") == 0) provides[0] = "test.one";
  if (strcmp(how, "provides twice") == 0) provides[1] = "test.one/1";
  if (strcmp(how, "provides is null") == 0) descriptor.provides = NULL;
  if (strcmp(how, "needs is null") == 0) descriptor.needs = NULL;
  if (strcmp(how, "needs revision 0") == 0) needs[0].service_id = "test.three/0";
  if (strcmp(how, "needs twice") == 0) needs[1].service_id = "test.three/1";
  if (strcmp(how, "optional is 2") == 0) needs[0].optional = 2;
  if (strcmp(how, "no stop") == 0) descriptor.stop = NULL;
}
/* clang-format on */

EVH_EXPORT const evh_plugin* evh_plugin_entry(void) {
  static evh_plugin other;
  static int calls;
  const char* how = getenv("ODD_DESCRIPTOR");
  make_good();
  if (how == NULL) return &descriptor;
  make_odd(how);
  if (strcmp(how, "null") == 0) return NULL;
  if (strcmp(how, "another each time") == 0 && calls++ % 2 == 1) {
    other = descriptor;
    return &other;
  }
  return &descriptor;
}
