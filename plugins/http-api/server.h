#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "dispatcher.h"
#include "event_loop.h"
#include "evh/host.hpp"
#include "listener.h"
#include "server_options.h"
#include "stream_limits.h"

namespace evh::http_api {

/// Accepts connections and spreads them over its event loops.
class Server {
 public:
  /// What it is given outlives it.
  Server(const Host& host, const ServerOptions& options, const Dispatcher& dispatcher, StreamLimits& stream_limits);
  ~Server();

  /// Throws evh::Error when it cannot listen.
  void start();

  /// Takes no new connection, answers what was taken, closes the rest. How many connections were not done at the
  /// deadline.
  std::size_t drain(std::chrono::steady_clock::time_point deadline);

  /// Cuts what is left. Safe without start, and twice.
  void stop();

  std::uint16_t port() const noexcept { return listener_->port(); }

 private:
  bool accept_connections();
  void note_overload(const char* what);

  const Host& host_;
  const ServerOptions& options_;
  ServerContext context_;
  std::optional<Listener> listener_;
  std::vector<std::unique_ptr<EventLoop>> loops_;  // the first one accepts
  std::size_t next_loop_ = 0;
  std::chrono::steady_clock::time_point last_overload_{};
};

}  // namespace evh::http_api
