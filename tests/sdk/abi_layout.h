/* The sizes of what crosses the boundary, as one language sees them. */
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#include "evh/layout.h"

typedef struct abi_size {
  const char* name;
  size_t size, alignment;
} abi_size;

#ifdef __cplusplus
#define ABI_ALIGNMENT(type) alignof(type)
#else
#define ABI_ALIGNMENT(type) _Alignof(type)
#endif
#define ABI_SIZE(type) \
  { #type, sizeof(type), ABI_ALIGNMENT(type) }

/* clang-format off */
#define ABI_SIZES                                                                                                  \
  ABI_SIZE(evh_str), ABI_SIZE(evh_time), ABI_SIZE(evh_span), ABI_SIZE(evh_code), ABI_SIZE(evh_error),              \
  ABI_SIZE(evh_setting), ABI_SIZE(evh_log_field), ABI_SIZE(evh_provider), ABI_SIZE(evh_host), ABI_SIZE(evh_need),  \
  ABI_SIZE(evh_plugin), ABI_SIZE(evh_new_event), ABI_SIZE(evh_event), ABI_SIZE(evh_scan), ABI_SIZE(evh_event_store),\
  ABI_SIZE(evh_header), ABI_SIZE(evh_request), ABI_SIZE(evh_responder), ABI_SIZE(evh_http_router),                 \
  ABI_SIZE(evh_plugin_info), ABI_SIZE(evh_host_info)
/* clang-format on */
#define ABI_SIZE_COUNT 21

#ifdef __cplusplus
extern "C" {
#endif
extern const abi_size abi_sizes_in_c[ABI_SIZE_COUNT];
#ifdef __cplusplus
}
#endif
#endif
