#pragma once

#include <chrono>
#include <string_view>

#include "api_error.h"
#include "evh/http_message.h"

namespace evh::http_api {

inline constexpr std::chrono::seconds kNoRetryAfter{0};

/// Answers with a JSON text, which may be empty.
void respond_json(const evh_responder& responder, int status, std::string_view body);

/// Answers with the error; a `retry_after` tells the client when to come back.
void respond_error(const evh_responder& responder, const ApiError& error,
                   std::chrono::seconds retry_after = kNoRetryAfter);

}  // namespace evh::http_api
