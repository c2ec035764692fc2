#include "skeleton.h"

static evh_code start(void* self, evh_error* error) {
  say(self, "start");
  return refuse(error, EVH_UNAVAILABLE, "the database is on holiday");
}

static void change(evh_plugin* plugin) {
  plugin->start = start;
}

SKELETON_ENTRY("start-fails", change)
