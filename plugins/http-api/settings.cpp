#include "settings.h"

#include <algorithm>
#include <string>
#include <thread>

#include "evh/error.hpp"
#include "http_syntax.h"

namespace evh::http_api {
namespace {

std::string normalized_base_path(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  if (!path.empty() && !path.starts_with('/')) path = std::string("/").append(path);
  if (!has_only_target_bytes(path) || path.find_first_of("?%") != std::string::npos) {
    throw Error(EVH_INVALID, "base_path '" + path + "' is no plain path; write it like /api");
  }
  return path;
}

std::size_t chosen_threads(std::int64_t wanted) {
  if (wanted > 0) return static_cast<std::size_t>(wanted);
  return std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2);
}

}  // namespace

Settings::Settings(const Host& host)
    : workers(static_cast<std::size_t>(host.integer("workers"))),
      max_streams(static_cast<std::size_t>(host.integer("max_streams"))),
      max_streams_per_client(static_cast<std::size_t>(host.integer("max_streams_per_client"))),
      store_timeout(host.duration("store_timeout")) {
  server.host = host.text("host");
  server.port = static_cast<std::uint16_t>(host.integer("port"));
  server.base_path = normalized_base_path(host.text("base_path"));
  server.threads = chosen_threads(host.integer("threads"));
  server.max_connections = static_cast<std::size_t>(host.integer("max_connections"));
  server.limits.body_bytes = host.bytes("body_limit");
  server.buffer_memory = host.bytes("buffer_memory");
  if (server.buffer_memory < server.limits.buffer_bytes()) {
    throw Error(EVH_INVALID, "buffer_memory is too small for one request of body_limit: raise it to " +
                                 std::to_string(server.limits.buffer_bytes()) + " bytes at least, or lower body_limit");
  }
  server.access_log = host.boolean("access_log");
  server.idle_timeout = host.duration("idle_timeout");
  server.read_timeout = host.duration("read_timeout");
  server.write_timeout = host.duration("write_timeout");
  cors = {.origins = host.list("cors_allow_origins"),
          .methods = host.list("cors_allow_methods"),
          .headers = host.list("cors_allow_headers"),
          .credentials = host.boolean("cors_allow_credentials")};
}

}  // namespace evh::http_api
