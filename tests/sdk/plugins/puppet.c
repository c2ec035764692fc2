/* A plugin in C11 that does nothing by itself: it hands the host's table to the test. It has a setting of each type. */
#include "puppet.h"

#include <stdio.h>
#include <stdlib.h>

#include "evh/event_store.h"
#include "evh/plugin.h"

typedef struct instance {
  puppet service;
  int32_t starts, drains, stops;
} instance;

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  instance* made = calloc(1, sizeof *made);
  if (made == NULL) {
    error->code = EVH_INTERNAL;
    snprintf(error->message, sizeof error->message, "out of memory");
    return EVH_INTERNAL;
  }
  made->service = (puppet){host, &made->starts, &made->drains, &made->stops};
  const evh_code code = host->publish(host->self, PUPPET_SERVICE, &made->service, error);
  if (code != EVH_OK) {
    free(made);
    return code;
  }
  *self = made;
  return EVH_OK;
}

static evh_code start(void* self, evh_error* error) {
  (void)error;
  ++((instance*)self)->starts;
  return EVH_OK;
}

static evh_code drain(void* self, evh_span budget, evh_error* error) {
  (void)budget;
  (void)error;
  ++((instance*)self)->drains;
  return EVH_OK;
}

static void stop(void* self) {
  ++((instance*)self)->stops;
}

static void destroy(void* self) {
  free(self);
}

static const evh_setting settings[] = {
    {"text", "hello", NULL, NULL, "any text", EVH_TEXT, 0},
    {"integer", "7", "-10", "10", "an integer", EVH_INTEGER, 0},
    {"number", "0.5", "0", "1", "a number", EVH_NUMBER, 0},
    {"boolean", "yes", NULL, NULL, "a switch", EVH_BOOLEAN, 0},
    {"duration", "1500ms", NULL, "1h", "a length of time", EVH_DURATION, 0},
    {"bytes", "4KiB", NULL, NULL, "a size", EVH_BYTES, 0},
    {"list", "one, two", NULL, NULL, "some texts", EVH_TEXT_LIST, 0},
    {"choice", "red", NULL, "red|green", "a colour", EVH_CHOICE, 0},
    {"secret", NULL, NULL, NULL, "never shown", EVH_TEXT, EVH_SETTING_SECRET},
    {"absent_text", NULL, NULL, NULL, "a text without a default", EVH_TEXT, 0},
    {"absent_integer", NULL, NULL, NULL, "an integer without a default", EVH_INTEGER, 0},
};
static const char* const provides[] = {PUPPET_SERVICE};
static const evh_need needs[] = {{EVH_EVENT_STORE, 1, 0}, {PUPPET_SERVICE, 1, 0}};

static const evh_plugin descriptor = {
    .size = sizeof(evh_plugin),
    .abi = EVH_ABI,
    .name = "puppet",
    .version = "1.0.0",
    .summary = "Hands the host's table to a test",
    .settings = settings,
    .setting_count = sizeof settings / sizeof settings[0],
    .setting_stride = sizeof(evh_setting),
    .provides = provides,
    .provide_count = 1,
    .needs = needs,
    .need_count = 2,
    .need_stride = sizeof(evh_need),
    .create = create,
    .start = start,
    .drain = drain,
    .stop = stop,
    .destroy = destroy,
};

EVH_EXPORT const evh_plugin* evh_plugin_entry(void) {
  return &descriptor;
}
