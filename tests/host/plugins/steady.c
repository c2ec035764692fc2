/* Nothing is wrong with this one. */
#include "skeleton.h"

static void change(evh_plugin* plugin) {
  (void)plugin;
}

SKELETON_ENTRY("steady", change)
