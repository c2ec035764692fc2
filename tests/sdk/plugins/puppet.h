/* test.puppet/1: lets a test call the host as if it were the plugin. */
#ifndef PUPPET_H
#define PUPPET_H

#include "evh/host.h"

#ifdef __cplusplus
#include "evh/service.hpp"
extern "C" {
#endif

#define PUPPET_SERVICE "test.puppet/1"

typedef struct puppet {
  const evh_host* host;
  int32_t *starts, *drains, *stops; /* calls so far, of this instance */
} puppet;

#ifdef __cplusplus
}

template <>
struct evh::ServiceId<puppet> {
  static constexpr const char* kValue = PUPPET_SERVICE;
};
#endif
#endif
