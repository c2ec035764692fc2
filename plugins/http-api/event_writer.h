#pragma once

#include <string>

#include "evh/event_store.h"

namespace evh::http_api {

/// Appends `{"id":1,"user_id":123,"action":"login","metadata":{...},"created_at":"2025-01-01T12:34:56Z"}`. The metadata
/// goes in as the store gave it, `{}` if it gave none; the rest is valid JSON whatever the event has.
void append_event_json(std::string& out, const evh_event& event);

}  // namespace evh::http_api
