#include "skeleton.h"

static void change(evh_plugin* plugin) {
  plugin->abi = 7;
}

SKELETON_ENTRY("other-abi", change)
