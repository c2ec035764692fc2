#include "skeleton.h"

static void change(evh_plugin* plugin) {
  plugin->size = offsetof(evh_plugin, destroy);
}

SKELETON_ENTRY("short-descriptor", change)
