#pragma once

#include "evh/http_router.h"
#include "router.h"

namespace evh::http_api {

/// evh.http-router/1 on a Router, which outlives it.
evh_http_router make_router_service(Router& router);

}  // namespace evh::http_api
