/* Freezes the layout of every struct that crosses the boundary, on 64-bit machines. It compiles or the ABI is broken:
 * a number here never changes; a struct that carries its size gets new lines for fields added at its end. */
#ifndef EVH_LAYOUT_H
#define EVH_LAYOUT_H

#include <assert.h>

#include "evh/event_store.h"
#include "evh/host.h"
#include "evh/host_info.h"
#include "evh/http_message.h"
#include "evh/http_router.h"
#include "evh/log.h"
#include "evh/plugin.h"
#include "evh/setting.h"
#include "evh/types.h"

#define EVH_SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type " must keep its size")
#define EVH_AT(type, field, offset) static_assert(offsetof(type, field) == (offset), #type "." #field " must stay where it is")

static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "the ABI is defined for 64-bit machines");

EVH_SIZE(evh_str, 16);
EVH_AT(evh_str, data, 0);
EVH_AT(evh_str, size, 8);
EVH_SIZE(evh_time, 8);
EVH_SIZE(evh_span, 8);
EVH_SIZE(evh_code, 4);
EVH_SIZE(evh_error, 512);
EVH_AT(evh_error, code, 0);
EVH_AT(evh_error, message, 4);

EVH_SIZE(evh_setting, 48);
EVH_AT(evh_setting, name, 0);
EVH_AT(evh_setting, default_value, 8);
EVH_AT(evh_setting, min, 16);
EVH_AT(evh_setting, max, 24);
EVH_AT(evh_setting, doc, 32);
EVH_AT(evh_setting, type, 40);
EVH_AT(evh_setting, flags, 44);

EVH_SIZE(evh_log_field, 40);
EVH_AT(evh_log_field, key, 0);
EVH_AT(evh_log_field, value, 16);
EVH_AT(evh_log_field, kind, 32);
EVH_AT(evh_log_field, reserved, 36);

EVH_SIZE(evh_provider, 24);
EVH_AT(evh_provider, table, 0);
EVH_AT(evh_provider, instance, 8);

EVH_SIZE(evh_host, 136);
EVH_AT(evh_host, size, 0);
EVH_AT(evh_host, self, 8);
EVH_AT(evh_host, instance, 16);
EVH_AT(evh_host, log, 32);
EVH_AT(evh_host, log_enabled, 40);
EVH_AT(evh_host, get_text, 48);
EVH_AT(evh_host, get_int, 56);
EVH_AT(evh_host, get_number, 64);
EVH_AT(evh_host, get_list, 72);
EVH_AT(evh_host, publish, 80);
EVH_AT(evh_host, find, 88);
EVH_AT(evh_host, find_all, 96);
EVH_AT(evh_host, request_shutdown, 104);
EVH_AT(evh_host, now, 112);
EVH_AT(evh_host, wait_until, 120);
EVH_AT(evh_host, set_health, 128);

EVH_SIZE(evh_need, 16);
EVH_AT(evh_need, service_id, 0);
EVH_AT(evh_need, optional, 8);
EVH_AT(evh_need, reserved, 12);

EVH_SIZE(evh_plugin, 144);
EVH_AT(evh_plugin, size, 0);
EVH_AT(evh_plugin, abi, 8);
EVH_AT(evh_plugin, reserved, 12);
EVH_AT(evh_plugin, name, 16);
EVH_AT(evh_plugin, version, 24);
EVH_AT(evh_plugin, summary, 32);
EVH_AT(evh_plugin, settings, 40);
EVH_AT(evh_plugin, setting_count, 48);
EVH_AT(evh_plugin, setting_stride, 56);
EVH_AT(evh_plugin, provides, 64);
EVH_AT(evh_plugin, provide_count, 72);
EVH_AT(evh_plugin, needs, 80);
EVH_AT(evh_plugin, need_count, 88);
EVH_AT(evh_plugin, need_stride, 96);
EVH_AT(evh_plugin, create, 104);
EVH_AT(evh_plugin, start, 112);
EVH_AT(evh_plugin, drain, 120);
EVH_AT(evh_plugin, stop, 128);
EVH_AT(evh_plugin, destroy, 136);

EVH_SIZE(evh_new_event, 48);
EVH_AT(evh_new_event, user_id, 0);
EVH_AT(evh_new_event, action, 8);
EVH_AT(evh_new_event, metadata, 24);
EVH_AT(evh_new_event, created_at, 40);

EVH_SIZE(evh_event, 56);
EVH_AT(evh_event, id, 0);
EVH_AT(evh_event, user_id, 8);
EVH_AT(evh_event, action, 16);
EVH_AT(evh_event, metadata, 32);
EVH_AT(evh_event, created_at, 48);

EVH_SIZE(evh_scan, 72);
EVH_AT(evh_scan, user_id, 0);
EVH_AT(evh_scan, action, 8);
EVH_AT(evh_scan, from, 24);
EVH_AT(evh_scan, to, 32);
EVH_AT(evh_scan, descending, 40);
EVH_AT(evh_scan, reserved, 44);
EVH_AT(evh_scan, after_time, 48);
EVH_AT(evh_scan, after_id, 56);
EVH_AT(evh_scan, limit, 64);

EVH_SIZE(evh_event_store, 24);
EVH_AT(evh_event_store, self, 0);
EVH_AT(evh_event_store, append, 8);
EVH_AT(evh_event_store, scan, 16);

EVH_SIZE(evh_header, 32);
EVH_AT(evh_header, name, 0);
EVH_AT(evh_header, value, 16);

EVH_SIZE(evh_request, 112);
EVH_AT(evh_request, method, 0);
EVH_AT(evh_request, path, 16);
EVH_AT(evh_request, query, 32);
EVH_AT(evh_request, body, 48);
EVH_AT(evh_request, client_ip, 64);
EVH_AT(evh_request, request_id, 80);
EVH_AT(evh_request, headers, 96);
EVH_AT(evh_request, header_count, 104);

EVH_SIZE(evh_responder, 56);
EVH_AT(evh_responder, self, 0);
EVH_AT(evh_responder, respond, 8);
EVH_AT(evh_responder, begin_stream, 16);
EVH_AT(evh_responder, try_write, 24);
EVH_AT(evh_responder, end_stream, 32);
EVH_AT(evh_responder, retain, 40);
EVH_AT(evh_responder, release, 48);

EVH_SIZE(evh_http_router, 32);
EVH_AT(evh_http_router, self, 0);
EVH_AT(evh_http_router, mount, 8);
EVH_AT(evh_http_router, mount_files, 16);
EVH_AT(evh_http_router, unmount, 24);

EVH_SIZE(evh_plugin_info, 88);
EVH_AT(evh_plugin_info, id, 0);
EVH_AT(evh_plugin_info, name, 16);
EVH_AT(evh_plugin_info, version, 32);
EVH_AT(evh_plugin_info, why, 48);
EVH_AT(evh_plugin_info, settings_json, 64);
EVH_AT(evh_plugin_info, state, 80);
EVH_AT(evh_plugin_info, health, 84);

EVH_SIZE(evh_host_info, 16);
EVH_AT(evh_host_info, self, 0);
EVH_AT(evh_host_info, each, 8);

#undef EVH_SIZE
#undef EVH_AT
#endif
