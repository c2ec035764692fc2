/* Shows its secret wherever a plugin can show something; `where` says whether it also fails with it. */
#include <stdio.h>

#include "skeleton.h"

static const evh_setting kSettings[] = {
    {"secret", NULL, NULL, NULL, "what must not be seen", EVH_TEXT, EVH_SETTING_REQUIRED | EVH_SETTING_SECRET},
    {"where", "nowhere", NULL, "nowhere|create|start", "where it fails", EVH_CHOICE, 0},
    {"address", "", NULL, NULL, "no secret by itself", EVH_TEXT, 0},
};

static evh_str setting_of(const evh_host* host, const char* name) {
  evh_str value = {NULL, 0};
  host->get_text(host->self, name, &value);
  return value;
}

static int fails_in(const evh_host* host, const char* step) {
  const evh_str where = setting_of(host, "where");
  return where.size == strlen(step) && memcmp(where.data, step, where.size) == 0;
}

static evh_code fail(const evh_host* host, evh_error* error) {
  char message[200];
  const evh_str secret = setting_of(host, "secret");
  snprintf(message, sizeof message, "cannot log in with %.*s", (int)secret.size, secret.data);
  return refuse(error, EVH_UNAVAILABLE, message);
}

static evh_code create(const evh_host* host, void** self, evh_error* error) {
  const evh_str secret = setting_of(host, "secret");
  const evh_log_field fields[] = {{secret, secret, EVH_FIELD_TEXT, 0}, {{"n", 1}, secret, EVH_FIELD_JSON, 0}};
  skeleton_create(host, self, error);
  host->log(host->self, EVH_LOG_WARN, secret, fields, 2);
  host->set_health(host->self, EVH_DEGRADED, secret);
  return fails_in(host, "create") ? fail(host, error) : EVH_OK;
}

static evh_code start(void* self, evh_error* error) {
  const evh_host* host = host_of(self);
  skeleton_start(self, error);
  if (fails_in(host, "start")) return fail(host, error);
  host->request_shutdown(host->self, setting_of(host, "secret"));
  return EVH_OK;
}

static void change(evh_plugin* plugin) {
  plugin->settings = kSettings;
  plugin->setting_count = sizeof kSettings / sizeof kSettings[0];
  plugin->create = create;
  plugin->start = start;
}

SKELETON_ENTRY("blabber", change)
