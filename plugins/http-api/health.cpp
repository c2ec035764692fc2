#include "health.h"

#include <string>
#include <string_view>

#include "evh/host.h"
#include "evh/text.hpp"
#include "json_answer.h"

namespace evh::http_api {
namespace {

std::string_view state_name(std::int32_t state) {
  switch (state) {
    case EVH_STATE_CREATED:
      return "is starting";
    case EVH_STATE_DRAINING:
      return "is shutting down";
    case EVH_STATE_STOPPED:
      return "has stopped";
    default:
      return "is in an unknown state";
  }
}

// Adds "store: disk full; " for an instance that is not ready.
void note_if_not_ready(void* details, const evh_plugin_info* info) {
  const bool started = info->state == EVH_STATE_STARTED;
  if (started && info->health != EVH_UNHEALTHY) return;
  std::string& text = *static_cast<std::string*>(details);
  if (!text.empty()) text += "; ";
  text += view(info->id);
  if (!started) {
    text.append(" ").append(state_name(info->state));
  } else {
    text.append(": ").append(info->why.size == 0 ? std::string_view("unhealthy") : view(info->why));
  }
}

}  // namespace

void answer_healthz(void*, const evh_request*, const evh_responder* responder) {
  respond_json(*responder, 200, R"({"status":"ok"})");
}

void answer_readyz(void* host_info, const evh_request*, const evh_responder* responder) {
  const auto& info = *static_cast<const evh_host_info*>(host_info);
  std::string details;
  info.each(info.self, &note_if_not_ready, &details);
  if (details.empty()) return respond_json(*responder, 200, R"({"status":"ready"})");
  respond_error(*responder, {503, "not ready", details});
}

}  // namespace evh::http_api
