/* Has a setting that must be given. */
#include "skeleton.h"

static const evh_setting kSettings[] = {
    {"path", NULL, NULL, NULL, "where", EVH_TEXT, EVH_SETTING_REQUIRED},
};

static void change(evh_plugin* plugin) {
  plugin->settings = kSettings;
  plugin->setting_count = 1;
}

SKELETON_ENTRY("demanding", change)
