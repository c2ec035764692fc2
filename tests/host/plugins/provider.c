/* Provides test.thing/1: the id of the provider. */
#include "skeleton.h"

static const char* const kProvides[] = {"test.thing/1"};

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  skeleton_create(host, self, error);
  return host->publish(host->self, "test.thing/1", &host->instance, error);
}

static void change(evh_plugin* plugin) {
  plugin->provides = kProvides;
  plugin->provide_count = 1;
  plugin->create = create;
}

SKELETON_ENTRY("provider", change)
