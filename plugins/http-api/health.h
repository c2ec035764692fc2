#pragma once

#include "evh/host_info.h"
#include "evh/http_message.h"

namespace evh::http_api {

/// GET /healthz: the process lives. Quick; needs nothing.
void answer_healthz(void* unused, const evh_request* request, const evh_responder* responder);

/// GET /readyz: every plugin has started and is able to work, or 503 with the names of those that are not. Quick;
/// `host_info` is an evh_host_info.
void answer_readyz(void* host_info, const evh_request* request, const evh_responder* responder);

}  // namespace evh::http_api
