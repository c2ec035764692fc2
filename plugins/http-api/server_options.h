#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "request_parser.h"

namespace evh::http_api {

/// How the server listens and what it allows. Fixed from start on.
struct ServerOptions {
  std::string host = "0.0.0.0";  ///< a name or an address; "::" takes IPv4 as well
  std::uint16_t port = 8080;     ///< 0: any free one
  std::string base_path;         ///< empty, or "/api": begins with '/', does not end with one
  std::size_t threads = 1;       ///< event loops, at least 1
  std::size_t max_connections = 10'000;
  std::size_t buffer_memory = 256 * 1024 * 1024;  ///< bytes, for requests and answers that are large, in all
  RequestLimits limits;
  bool access_log = true;

  std::chrono::microseconds idle_timeout{60'000'000};   ///< between requests
  std::chrono::microseconds read_timeout{10'000'000};   ///< from a request's first byte to its last
  std::chrono::microseconds write_timeout{10'000'000};  ///< without the client taking a byte
};

}  // namespace evh::http_api
