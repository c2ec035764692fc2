/* Calls exit(0) from where EXITS_IN says. */
#include <pthread.h>
#include <stdlib.h>

#include "skeleton.h"

enum { IN_OPEN, IN_START, IN_STOP, IN_THREAD };

static evh_code start(void* self, evh_error* error) {
  (void)self;
  (void)error;
  exit(0);
}

static void stop(void* self) {
  (void)self;
  exit(0);
}

static void* run(void* unused) {
  (void)unused;
  exit(0);
}

static evh_code start_a_thread(void* self, evh_error* error) {
  pthread_t thread;
  skeleton_start(self, error);
  return pthread_create(&thread, NULL, run, NULL) == 0 ? EVH_OK : EVH_INTERNAL;
}

static void change(evh_plugin* plugin) {
  if (EXITS_IN == IN_OPEN) exit(0);
  if (EXITS_IN == IN_START) plugin->start = start;
  if (EXITS_IN == IN_STOP) plugin->stop = stop;
  if (EXITS_IN == IN_THREAD) plugin->start = start_a_thread;
}

SKELETON_ENTRY(PLUGIN_NAME, change)
