#include "skeleton.h"

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  skeleton_create(host, self, error);
  return host->publish(host->self, "test.surprise/1", host, error);
}

static void change(evh_plugin* plugin) {
  plugin->create = create;
}

SKELETON_ENTRY("publishes-undeclared", change)
