#pragma once

#include <string_view>

#include "api_error.h"
#include "evh/http_message.h"

namespace evh::http_api {

/// Answers with a JSON text, which may be empty.
void respond_json(const evh_responder& responder, int status, std::string_view body);

/// Answers with the error, and with Retry-After if it says so.
void respond_error(const evh_responder& responder, const ApiError& error);

}  // namespace evh::http_api
