/* A plugin in C11 that breaks the contract on demand: the setting `does` names how. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "evh/plugin.h"

#define LISTED "test.rogue/1"
#define UNLISTED "test.unlisted/1"

typedef struct instance {
  const evh_host* host;
  char does[64];
  atomic_int over;
  pthread_t thread;
  int has_thread;
} instance;

static int table;
static atomic_int living;

static int does(const instance* self, const char* what) {
  return strcmp(self->does, what) == 0;
}

static evh_code fail_as(evh_error* error, evh_code code, const char* why) {
  error->code = code;
  strncpy(error->message, why, sizeof error->message - 1);
  error->message[sizeof error->message - 1] = '\0';
  return code;
}

static void nap(long milliseconds) {
  const struct timespec length = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&length, NULL);
}

static void* run_until_over(void* self) {
  while (!atomic_load(&((instance*)self)->over)) nap(1);
  return NULL;
}

static void* run_a_little(void* nothing) {
  nap(4000);
  return nothing;
}

static void leave_a_thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run_a_little, NULL) == 0) pthread_detach(thread);
}

static void publish(const instance* self) {
  const evh_host* host = self->host;
  if (does(self, "publish no table")) host->publish(host->self, LISTED, NULL, NULL);
  if (!does(self, "not publish")) host->publish(host->self, LISTED, &table, NULL);
  if (does(self, "publish twice")) host->publish(host->self, LISTED, &table, NULL);
  if (does(self, "publish unlisted")) host->publish(host->self, UNLISTED, &table, NULL);
  if (does(self, "publish no id")) host->publish(host->self, NULL, &table, NULL);
}

static evh_code create(const evh_host* host, void** out, evh_error* error) {
  instance* self = calloc(1, sizeof *self);
  if (self == NULL) return fail_as(error, EVH_INTERNAL, "out of memory");
  self->host = host;
  evh_str what = {NULL, 0};
  host->get_text(host->self, "does", &what);
  memcpy(self->does, what.data, what.size < sizeof self->does ? what.size : sizeof self->does - 1);
  if (does(self, "live once at a time") && atomic_load(&living) > 0) {
    free(self);
    return fail_as(error, EVH_INTERNAL, "there is one already");
  }
  if (does(self, "fail create") || does(self, "leave a thread after a failed create")) {
    if (!does(self, "fail create")) leave_a_thread();
    free(self);
    return fail_as(error, EVH_INVALID, "create fails");
  }
  publish(self);
  if (does(self, "find in create")) host->find(host->self, LISTED);
  if (does(self, "start a thread in create")) leave_a_thread();
  atomic_fetch_add(&living, 1);
  *out = self;
  return EVH_OK;
}

static evh_code start(void* instance_self, evh_error* error) {
  instance* self = instance_self;
  const evh_host* host = self->host;
  if (does(self, "publish in start")) host->publish(host->self, LISTED, &table, NULL);
  if (does(self, "wait in start")) host->wait_until(host->self, INT64_MAX);
  if (does(self, "open a file") || does(self, "open a file and fail")) {
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) return fail_as(error, EVH_INTERNAL, "cannot open");
  }
  if (does(self, "leave a thread")) leave_a_thread();
  if (does(self, "run a thread")) self->has_thread = pthread_create(&self->thread, NULL, run_until_over, self) == 0;
  if (does(self, "fail start") || does(self, "open a file and fail")) return fail_as(error, EVH_INVALID, "start fails");
  if (does(self, "fail with an unknown code")) return fail_as(error, 77, "start fails in a new way");
  if (does(self, "fail silently")) return EVH_INTERNAL;
  if (does(self, "fail with another code")) {
    fail_as(error, EVH_TIMEOUT, "one");
    return EVH_INTERNAL;
  }
  if (does(self, "fail with no text")) return fail_as(error, EVH_INTERNAL, "");
  if (does(self, "fail with bytes")) return fail_as(error, EVH_INTERNAL, "\xFF\xFE");
  if (does(self, "fail without an end")) {
    memset(error->message, 'x', sizeof error->message);
    error->code = EVH_INTERNAL;
    return EVH_INTERNAL;
  }
  if (does(self, "fail with the secret")) {
    char text[256] = "cannot log in with ";
    evh_str secret = {NULL, 0};
    host->get_text(host->self, "password", &secret);
    strncat(text, secret.data, secret.size < 200 ? secret.size : 200);
    return fail_as(error, EVH_INTERNAL, text);
  }
  if (does(self, "succeed with an error")) fail_as(error, EVH_OK, "all is well");
  return EVH_OK;
}

static evh_code drain(void* instance_self, evh_span budget, evh_error* error) {
  instance* self = instance_self;
  if (does(self, "drain too long")) nap(budget / 1000 + 1500);
  if (does(self, "drain slowly")) nap(3000);
  if (does(self, "fail drain")) return fail_as(error, EVH_TIMEOUT, "one event is left");
  return EVH_OK;
}

static void stop(void* instance_self) {
  instance* self = instance_self;
  atomic_store(&self->over, 1);
  if (self->has_thread) pthread_join(self->thread, NULL);
  self->has_thread = 0;
}

static void destroy(void* instance_self) {
  atomic_fetch_sub(&living, 1);
  free(instance_self);
}

static const evh_setting settings[] = {
    {"does", "nothing", NULL, NULL, "what to do wrong", EVH_TEXT, 0},
    {"password", NULL, NULL, NULL, "never shown", EVH_TEXT, EVH_SETTING_SECRET},
};
static const char* const provides[] = {LISTED};

static const evh_plugin descriptor = {
    .size = sizeof(evh_plugin),
    .abi = EVH_ABI,
    .name = "rogue",
    .version = "1.0.0",
    .summary = "Breaks the contract",
    .settings = settings,
    .setting_count = 2,
    .setting_stride = sizeof(evh_setting),
    .provides = provides,
    .provide_count = 1,
    .create = create,
    .start = start,
    .drain = drain,
    .stop = stop,
    .destroy = destroy,
};

EVH_EXPORT const evh_plugin* evh_plugin_entry(void) {
  return &descriptor;
}
