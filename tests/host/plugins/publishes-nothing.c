/* Promises a service in its descriptor and does not publish it. */
#include "skeleton.h"

static const char* const kProvides[] = {"test.thing/1"};

static void change(evh_plugin* plugin) {
  plugin->provides = kProvides;
  plugin->provide_count = 1;
}

SKELETON_ENTRY("publishes-nothing", change)
