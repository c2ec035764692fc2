/* The file has another name. */
#include "skeleton.h"

static void change(evh_plugin* plugin) {
  (void)plugin;
}

SKELETON_ENTRY("somebody-else", change)
