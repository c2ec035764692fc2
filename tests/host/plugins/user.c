/* Needs test.thing/1, optionally when OPTIONAL, and logs whose it found and all whose there are. */
#include "skeleton.h"

#define MOST 8

static const evh_need kNeeds[] = {{"test.thing/1", OPTIONAL, 0}};

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  skeleton_create(host, self, error);
  if (host->find(host->self, "test.thing/1") != NULL) return refuse(error, EVH_INTERNAL, "found it in create");
  return EVH_OK;
}

static evh_code start(void* self, evh_error* error) {
  const evh_host* host = host_of(self);
  const evh_str* thing = (const evh_str*)host->find(host->self, "test.thing/1");
  evh_provider providers[MOST];
  const size_t count = host->find_all(host->self, "test.thing/1", providers, MOST);
  skeleton_start(self, error);
  say_of(self, "found", "of", thing == NULL ? text_of("nobody") : *thing);
  for (size_t i = 0; i < count; ++i) say_of(self, "also", "of", providers[i].instance);
  if (host->find(host->self, "test.undeclared/1") != NULL) return refuse(error, EVH_INTERNAL, "found the undeclared");
  return EVH_OK;
}

static void change(evh_plugin* plugin) {
  plugin->needs = kNeeds;
  plugin->need_count = 1;
  plugin->create = create;
  plugin->start = start;
}

SKELETON_ENTRY(PLUGIN_NAME, change)
