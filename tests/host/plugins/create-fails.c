#include "skeleton.h"

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  (void)host;
  (void)self;
  return refuse(error, EVH_UNAVAILABLE, "the moon is in the wrong phase");
}

static void change(evh_plugin* plugin) {
  plugin->create = create;
}

SKELETON_ENTRY("create-fails", change)
