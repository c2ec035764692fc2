// A folder of files as a route of the fake router.
#pragma once

#include "http_route_table.h"

namespace evh::testkit {

// Reads the files now. Throws evh::Error (EVH_INVALID).
[[nodiscard]] HttpRoute::Handler file_handler(const char* route, const char* folder, const char* fallback);

}  // namespace evh::testkit
