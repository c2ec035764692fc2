/* A plugin that exports more than its entry: it is linked without the version script. */
#include "evh/plugin.h"

EVH_EXPORT int talkative_answer(void);

int talkative_answer(void) {
  return 42;
}

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

static const evh_plugin descriptor = {
    .size = sizeof(evh_plugin),
    .abi = EVH_ABI,
    .name = "talkative",
    .version = "1.0.0",
    .summary = "Exports more than its entry",
    .create = create,
    .start = start,
    .drain = drain,
    .stop = stop,
    .destroy = stop,
};

EVH_EXPORT const evh_plugin* evh_plugin_entry(void) {
  return &descriptor;
}
