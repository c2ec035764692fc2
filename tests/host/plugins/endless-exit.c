/* What it left to be done at exit never ends. */
#include <stdlib.h>
#include <unistd.h>

#include "skeleton.h"

static void block(void) {
  for (;;) pause();
}

static void change(evh_plugin* plugin) {
  (void)plugin;
  atexit(block);
}

SKELETON_ENTRY("endless-exit", change)
