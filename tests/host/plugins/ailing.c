/* Is unhealthy from create on, for a reason that is no UTF-8 and too long. */
#include "skeleton.h"

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  char why[1500];
  evh_str reason = {why, sizeof why};
  memset(why, 'x', sizeof why);
  why[0] = '\xFF';
  skeleton_create(host, self, error);
  host->set_health(host->self, EVH_UNHEALTHY, reason);
  return EVH_OK;
}

static void change(evh_plugin* plugin) {
  plugin->create = create;
}

SKELETON_ENTRY("ailing", change)
