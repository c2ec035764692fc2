#pragma once

#include "evh/host.hpp"
#include "exchange.h"

namespace evh::http_api {

/// Writes a line for a request that is over. `status` is what the client got, or kClientGone.
void log_request(const Host& host, const Exchange& exchange, int status);

/// The client left before its answer; no status of HTTP, but what nginx made the usual number.
inline constexpr int kClientGone = 499;

}  // namespace evh::http_api
