/* A plugin: one shared library that exports one function.
 *
 *   create -> start -> drain -> stop -> destroy, each once and in this order, all from one thread of the host.
 *
 * - create: settings are known; publish services; no threads, no I/O yet.
 * - start:  every service in `needs` that is not optional has been started. A failed start is followed by stop and destroy.
 * - drain:  take no new work, finish what was taken. Those that need this plugin have been drained before.
 * - stop:   join every thread, close everything. Safe without start, after a failed start, and when called twice.
 *           No call of another plugin arrives after it, but an optional need may: answer it harmlessly until destroy.
 * - destroy: frees the instance. The library itself stays loaded until the process ends. */
#ifndef EVH_PLUGIN_H
#define EVH_PLUGIN_H

#include "evh/host.h"
#include "evh/setting.h"
#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVH_ABI 1u /* the version of this contract; the host refuses a plugin that was built for another */

typedef struct evh_need {
  const char *service_id;
  int32_t optional;  /* 0: the provider starts before this plugin and stops after it, and its absence stops the program's start */
  uint32_t reserved; /* 0 */
} evh_need;

/* All that it points to is constant and lives as long as the library. */
typedef struct evh_plugin {
  size_t size;       /* sizeof(evh_plugin) */
  uint32_t abi;      /* EVH_ABI */
  uint32_t reserved; /* 0 */

  const char *name;    /* what the configuration calls it: lower case, digits, dashes */
  const char *version; /* of the plugin, for people */
  const char *summary; /* one line */

  const evh_setting *settings;
  size_t setting_count, setting_stride; /* stride: sizeof(evh_setting) as the plugin knows it */

  const char *const *provides; /* service ids that create publishes */
  size_t provide_count;

  const evh_need *needs;
  size_t need_count, need_stride; /* stride: sizeof(evh_need) as the plugin knows it */

  /* One instance for each entry of the configuration. *self is handed to every other function. When it fails it leaves
   * nothing behind: destroy is not called. */
  evh_code (*create)(const evh_host *host, void **self, evh_error *error);
  evh_code (*start)(void *self, evh_error *error);
  /* At most `budget` long. EVH_TIMEOUT: something was left unfinished; the message says what. */
  evh_code (*drain)(void *self, evh_span budget, evh_error *error);
  void (*stop)(void *self);
  void (*destroy)(void *self);
} evh_plugin;

#if defined(__GNUC__)
#define EVH_EXPORT __attribute__((visibility("default")))
#else
#define EVH_EXPORT
#endif

/* The one function that a plugin exports. It does nothing but return its descriptor, the same one each time. */
EVH_EXPORT const evh_plugin *evh_plugin_entry(void);
typedef const evh_plugin *(*evh_plugin_entry_function)(void);
#define EVH_PLUGIN_ENTRY "evh_plugin_entry"

#ifdef __cplusplus
}
#endif
#endif
