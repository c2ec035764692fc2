#pragma once

#include <chrono>
#include <cstddef>

#include "cors.h"
#include "evh/host.hpp"
#include "evh/setting.hpp"
#include "server_options.h"

namespace evh::http_api {

inline constexpr evh_setting kSettings[] = {
    setting::text("host", "0.0.0.0", "address or name to listen on; :: takes IPv4 and IPv6"),
    setting::integer("port", "8080", "TCP port; 0 takes any free one", {.min = "0", .max = "65535"}),
    setting::text("base_path", "/api", "path in front of the API's routes; empty serves from the root"),
    setting::duration("idle_timeout", "60s", "how long a connection may stay open between requests",
                      {.min = "1ms", .max = "1d"}),
    setting::duration("read_timeout", "10s", "how long a request may take to arrive, else 408",
                      {.min = "1ms", .max = "1d"}),
    setting::duration("write_timeout", "10s", "how long a client may take nothing of its answer before it is cut",
                      {.min = "1ms", .max = "1d"}),
    setting::bytes("body_limit", "1MiB", "largest body of a request, else 413", {.min = "1KiB", .max = "64MiB"}),
    setting::duration("store_timeout", "5s", "longest wait of an event for the store, else 503",
                      {.min = "1ms", .max = "1h"}),
    setting::integer("threads", "0", "event loops; 0 takes one for two processors", {.min = "0", .max = "64"}),
    setting::integer("workers", "4", "threads that read pages from the store and run blocking handlers",
                     {.min = "1", .max = "256"}),
    setting::integer("max_connections", "10000", "connections open at once, else 503", {.min = "1", .max = "1000000"}),
    setting::integer("max_streams", "256", "answers streamed at once, else 503", {.min = "1", .max = "100000"}),
    setting::integer("max_streams_per_client", "64",
                     "answers streamed at once to one address (IPv6: /64 network), else 503",
                     {.min = "1", .max = "100000"}),
    setting::bytes("buffer_memory", "256MiB", "memory for requests and answers larger than 64 KiB, in all, else 503",
                   {.min = "1MiB"}),
    setting::boolean("access_log", "true", "a log line for each request"),
    setting::list("cors_allow_origins", "http://localhost:3000", "origins whose pages may use the API; * for any"),
    setting::list("cors_allow_methods", "GET,POST,PUT,DELETE,OPTIONS", "methods that such pages may use"),
    setting::list("cors_allow_headers", "Origin,Content-Type,Accept,Authorization,X-Requested-With",
                  "headers that such pages may send"),
    setting::boolean("cors_allow_credentials", "false", "whether such pages may send cookies; not with *"),
};

/// What the configuration says, in the terms of the parts. Throws evh::Error for what only makes no sense together.
struct Settings {
  explicit Settings(const Host& host);

  ServerOptions server;
  CorsPolicy::Settings cors;
  std::size_t workers;
  std::size_t max_streams, max_streams_per_client;
  std::chrono::microseconds store_timeout;
};

}  // namespace evh::http_api
