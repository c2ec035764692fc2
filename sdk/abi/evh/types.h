/* The words that every other header is written in: text, time, outcome.
 *
 * Rules for all of the ABI:
 * - Only plain data crosses: integers, evh_str, arrays of plain structs, function tables with a context pointer.
 * - What is passed in is borrowed for the call, unless a comment says longer. Each side frees what it made.
 * - No exception and no errno crosses; a function that can fail returns an evh_code, and fills the caller's evh_error.
 * - A published service table never changes; a new need is a new service id. Tables that carry `size` grow at the end only. */
#ifndef EVH_TYPES_H
#define EVH_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* UTF-8 text of `size` bytes, not terminated. {NULL, 0} is absent, {"", 0} is empty. */
typedef struct evh_str {
  const char *data;
  size_t size;
} evh_str;

typedef int64_t evh_time; /* microseconds since 1970-01-01T00:00:00Z, leap seconds not counted */
typedef int64_t evh_span; /* a length of time in microseconds */

/* How a call ended. An int, so that a code of a later release is still a value: treat an unknown one as EVH_INTERNAL. */
typedef int32_t evh_code;
enum {
  EVH_OK = 0,
  EVH_INVALID = 1,         /* the caller's data is wrong; the same call will fail again */
  EVH_UNAVAILABLE = 2,     /* a thing needed is away; later may work; nothing was done */
  EVH_OVERLOADED = 3,      /* a bounded queue is full; later may work; nothing was done */
  EVH_TIMEOUT = 4,         /* the time given was over; nothing was done */
  EVH_CANCELLED = 5,       /* the other side asked to stop, or is gone */
  EVH_NOT_FOUND = 6,       /* there is no such thing */
  EVH_UNKNOWN_OUTCOME = 7, /* it may or may not have been done, and will not be tried again */
  EVH_INTERNAL = 8         /* a bug or a broken resource; the message says which */
};

/* An outcome with its reason. The memory is the caller's; `message` is UTF-8, terminated, and cut to fit.
 * A callee that returns EVH_OK leaves it alone. A NULL evh_error pointer means that the caller wants no text. */
typedef struct evh_error {
  evh_code code;
  char message[508];
} evh_error;

#ifdef __cplusplus
}
#endif
#endif
