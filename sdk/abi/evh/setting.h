/* A setting as a plugin declares it. The host validates what the configuration says against it before anything starts; it is also
 * what `events-handler plugins show` and the documentation print. */
#ifndef EVH_SETTING_H
#define EVH_SETTING_H

#include "evh/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* evh_setting.type. In YAML: */
enum {
  EVH_TEXT = 1,      /* any scalar */
  EVH_INTEGER = 2,   /* a 64-bit integer */
  EVH_NUMBER = 3,    /* a finite decimal number */
  EVH_BOOLEAN = 4,   /* true, yes, on or false, no, off */
  EVH_DURATION = 5,  /* a number and us, ms, s, m, h or d; a number alone is seconds */
  EVH_BYTES = 6,     /* a number and B, KiB, MiB, GiB, KB, MB or GB; a number alone is bytes */
  EVH_TEXT_LIST = 7, /* a sequence of scalars, or one scalar split at commas */
  EVH_CHOICE = 8     /* one of the words that `max` lists */
};

/* evh_setting.flags */
enum {
  EVH_SETTING_REQUIRED = 1, /* there is no default; the configuration must name a value */
  EVH_SETTING_SECRET = 2    /* never shown: not in logs, not in plans, not over HTTP */
};

typedef struct evh_setting {
  const char *name;          /* in snake_case */
  const char *default_value; /* as it would be written in YAML; NULL: none (an absent text is empty, an absent number is 0) */
  const char *min, *max;     /* bounds, both inclusive, as written in YAML; NULL: none. A choice lists its words in max: "a|b|c" */
  const char *doc;           /* one line, with the unit */
  int32_t type;
  uint32_t flags;
} evh_setting;

#ifdef __cplusplus
}
#endif
#endif
