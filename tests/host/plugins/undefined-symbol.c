/* Calls what no library has. */
#include "skeleton.h"

int surely_nobody_defines_this(void);

static void change(evh_plugin* plugin) {
  plugin->reserved = (uint32_t)surely_nobody_defines_this();
}

SKELETON_ENTRY("undefined-symbol", change)
