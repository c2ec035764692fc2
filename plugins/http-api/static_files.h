#pragma once

#include "router.h"

namespace evh::http_api {

/// Mounts the files of `folder` (absolute) for GET below `route`, which ends with '/'. They are read now, and served
/// from memory: regular files only, no links, at most 4,096 of them and 64 MiB. `fallback` may be nullptr. A file
/// NAME.gz beside NAME is its gzipped form. Throws evh::Error.
void mount_static_files(Router& router, const char* route, const char* folder, const char* fallback);

}  // namespace evh::http_api
