/* Log levels and fields. A log line is one JSON object: time, level, msg, plugin (added by the host), then the fields. */
#ifndef EVH_LOG_H
#define EVH_LOG_H

#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EVH_LOG_DEBUG = 1, EVH_LOG_INFO = 2, EVH_LOG_WARN = 3, EVH_LOG_ERROR = 4 };

/* evh_log_field.kind */
enum {
  EVH_FIELD_TEXT = 0, /* written as a JSON string; bytes that are no UTF-8 are replaced */
  EVH_FIELD_JSON = 1  /* `value` is a JSON number, true, false or null already; anything else is written as a string */
};

typedef struct evh_log_field {
  evh_str key, value;
  int32_t kind;
  uint32_t reserved; /* 0 */
} evh_log_field;

#ifdef __cplusplus
}
#endif
#endif
