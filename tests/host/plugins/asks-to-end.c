/* Asks for the shutdown in start. */
#include "skeleton.h"

static evh_code start(void* self, evh_error* error) {
  skeleton_start(self, error);
  host_of(self)->request_shutdown(host_of(self)->self, text_of("all is done"));
  return EVH_OK;
}

static void change(evh_plugin* plugin) {
  plugin->start = start;
}

SKELETON_ENTRY("asks-to-end", change)
