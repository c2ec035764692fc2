#include "skeleton.h"

const evh_plugin* evh_plugin_entry(void) {
  return NULL;
}
