/* A plugin that does what it must, and says in the log what it is called for. Each plugin of this folder starts from it
 * and breaks, or adds, one thing. */
#ifndef SKELETON_H
#define SKELETON_H

#include <string.h>

#include "evh/plugin.h"

/* `self` of every plugin here is its host table. */
static inline const evh_host* host_of(void* self) {
  return (const evh_host*)self;
}

static inline evh_str text_of(const char* text) {
  evh_str str = {text, strlen(text)};
  return str;
}

static inline void say(void* self, const char* message) {
  host_of(self)->log(host_of(self)->self, EVH_LOG_INFO, text_of(message), NULL, 0);
}

static inline void say_of(void* self, const char* message, const char* key, evh_str value) {
  evh_log_field field = {{NULL, 0}, {NULL, 0}, EVH_FIELD_TEXT, 0};
  field.key = text_of(key);
  field.value = value;
  host_of(self)->log(host_of(self)->self, EVH_LOG_INFO, text_of(message), &field, 1);
}

static inline evh_code refuse(evh_error* error, evh_code code, const char* message) {
  error->code = code;
  strncpy(error->message, message, sizeof error->message - 1);
  error->message[sizeof error->message - 1] = '\0';
  return code;
}

static inline evh_code skeleton_create(const evh_host* host, void** self, evh_error* error) {
  (void)error;
  *self = (void*)host;
  say(*self, "create");
  return EVH_OK;
}

static inline evh_code skeleton_start(void* self, evh_error* error) {
  (void)error;
  say(self, "start");
  return EVH_OK;
}

static inline evh_code skeleton_drain(void* self, evh_span budget, evh_error* error) {
  (void)budget;
  (void)error;
  say(self, "drain");
  return EVH_OK;
}

static inline void skeleton_stop(void* self) {
  say(self, "stop");
}

static inline void skeleton_destroy(void* self) {
  say(self, "destroy");
}

static inline evh_plugin skeleton(const char* name) {
  evh_plugin plugin;
  memset(&plugin, 0, sizeof plugin);
  plugin.size = sizeof plugin;
  plugin.abi = EVH_ABI;
  plugin.name = name;
  plugin.version = "1.2.3";
  plugin.summary = "A plugin for tests";
  plugin.setting_stride = sizeof(evh_setting);
  plugin.need_stride = sizeof(evh_need);
  plugin.create = skeleton_create;
  plugin.start = skeleton_start;
  plugin.drain = skeleton_drain;
  plugin.stop = skeleton_stop;
  plugin.destroy = skeleton_destroy;
  return plugin;
}

/* The entry of a plugin that `change` makes out of the skeleton. */
#define SKELETON_ENTRY(name, change)         \
  const evh_plugin* evh_plugin_entry(void) { \
    static evh_plugin plugin;                \
    plugin = skeleton(name);                 \
    change(&plugin);                         \
    return &plugin;                          \
  }

#endif
