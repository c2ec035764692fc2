/* evh.host-info/1: what is loaded and how it is. Provided by the host itself. */
#ifndef EVH_HOST_INFO_H
#define EVH_HOST_INFO_H

#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVH_HOST_INFO "evh.host-info/1"

/* evh_plugin_info.state */
enum {
  EVH_STATE_CREATED = 1,
  EVH_STATE_STARTED = 2,
  EVH_STATE_DRAINING = 3, /* of every instance from the moment the shutdown begins */
  EVH_STATE_STOPPED = 4
};

typedef struct evh_plugin_info {
  evh_str id;            /* in the configuration */
  evh_str name, version; /* of the plugin */
  evh_str why;           /* what set_health said last */
  evh_str settings_json; /* a JSON object; secrets are "***" */
  int32_t state;
  int32_t health; /* EVH_HEALTHY, ... in host.h */
} evh_plugin_info;

typedef struct evh_host_info {
  void *self;

  /* [any thread] Calls the sink for each instance, in the order of their start. Infos are borrowed for the call. */
  void (*each)(void *self, void (*sink)(void *ctx, const evh_plugin_info *info), void *ctx);
} evh_host_info;

#ifdef __cplusplus
}
#endif
#endif
