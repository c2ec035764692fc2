/* Never comes back from the function that ENDLESS_IN names. */
#include <unistd.h>

#include "skeleton.h"

enum { IN_CREATE, IN_START, IN_DRAIN, IN_STOP, IN_DESTROY, IN_OPEN };

static void block(void) {
  for (;;) pause();
}

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  skeleton_create(host, self, error);
  block();
  return EVH_OK;
}
static evh_code start(void* self, evh_error* error) {
  skeleton_start(self, error);
  block();
  return EVH_OK;
}
static evh_code drain(void* self, evh_span budget, evh_error* error) {
  skeleton_drain(self, budget, error);
  block();
  return EVH_OK;
}
static void stop(void* self) {
  skeleton_stop(self);
  block();
}
static void destroy(void* self) {
  skeleton_destroy(self);
  block();
}

static void change(evh_plugin* plugin) {
  if (ENDLESS_IN == IN_CREATE) plugin->create = create;
  if (ENDLESS_IN == IN_START) plugin->start = start;
  if (ENDLESS_IN == IN_DRAIN) plugin->drain = drain;
  if (ENDLESS_IN == IN_STOP) plugin->stop = stop;
  if (ENDLESS_IN == IN_DESTROY) plugin->destroy = destroy;
  if (ENDLESS_IN == IN_OPEN) block();
}

SKELETON_ENTRY(PLUGIN_NAME, change)
