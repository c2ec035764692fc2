/* Is drained in time, but not of everything. */
#include "skeleton.h"

static evh_code drain(void* self, evh_span budget, evh_error* error) {
  (void)budget;
  say(self, "drain");
  return refuse(error, EVH_TIMEOUT, "3 requests were left");
}

static void change(evh_plugin* plugin) {
  plugin->drain = drain;
}

SKELETON_ENTRY("leaves-work", change)
