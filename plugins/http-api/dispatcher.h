#pragma once

#include "cors.h"
#include "exchange.h"
#include "router.h"
#include "worker_pool.h"

namespace evh::http_api {

/// What happens to a whole request before its handler: CORS, the route, the thread. Used by all loops at once.
class Dispatcher {
 public:
  Dispatcher(const Router& router, const CorsPolicy& cors) : router_(router), cors_(cors) {}

  /// [before the first dispatch] Where handlers that block run. Outlives the loops.
  void set_workers(WorkerPool* workers) noexcept { workers_ = workers; }

  /// [loop thread] Finds the handler of the request that the exchange's parser holds and runs it, here or on the pool;
  /// or answers what no handler answers. `client_ip` and `fallback_id`, the id of a request that brought none, are
  /// copied.
  void dispatch(Exchange& exchange, std::string_view client_ip, std::string_view fallback_id) const;

  const CorsPolicy& cors() const noexcept { return cors_; }

 private:
  void answer_options(Exchange& exchange, const std::string& allow, bool preflight) const;

  const Router& router_;
  const CorsPolicy& cors_;
  WorkerPool* workers_ = nullptr;
};

/// The headers that the server adds to an answer: X-Request-Id, and those of CORS. Borrows from exchange and policy.
class ServerHeaders {
 public:
  ServerHeaders(const Exchange& exchange, const CorsPolicy& cors);
  std::span<const evh_header> list() const noexcept { return {headers_, count_}; }

 private:
  void add(std::string_view name, std::string_view value) noexcept;

  evh_header headers_[5];
  std::size_t count_ = 0;
};

}  // namespace evh::http_api
