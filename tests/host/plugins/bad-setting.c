/* Declares a default that its own bounds forbid. */
#include "skeleton.h"

static const evh_setting kSettings[] = {
    {"port", "0", "1", "65535", "a port", EVH_INTEGER, 0},
};

static void change(evh_plugin* plugin) {
  plugin->settings = kSettings;
  plugin->setting_count = 1;
}

SKELETON_ENTRY("bad-setting", change)
