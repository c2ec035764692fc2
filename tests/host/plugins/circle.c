/* Provides the service PROVIDES and needs the service NEEDS. */
#include "skeleton.h"

static const char* const kProvides[] = {PROVIDES};
static const evh_need kNeeds[] = {{NEEDS, 0, 0}};

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  skeleton_create(host, self, error);
  return host->publish(host->self, PROVIDES, host, error);
}

static void change(evh_plugin* plugin) {
  plugin->provides = kProvides;
  plugin->provide_count = 1;
  plugin->needs = kNeeds;
  plugin->need_count = 1;
  plugin->create = create;
}

SKELETON_ENTRY(PLUGIN_NAME, change)
