// Which id a service table goes by, so that host.find<evh_event_store>() needs no text.
#pragma once

#include "evh/event_store.h"
#include "evh/host_info.h"
#include "evh/http_router.h"

namespace evh {

template <class Table>
struct ServiceId;

template <>
struct ServiceId<evh_event_store> {
  static constexpr const char* kValue = EVH_EVENT_STORE;
};
template <>
struct ServiceId<evh_http_router> {
  static constexpr const char* kValue = EVH_HTTP_ROUTER;
};
template <>
struct ServiceId<evh_host_info> {
  static constexpr const char* kValue = EVH_HOST_INFO;
};

}  // namespace evh
