#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evh/http_router.h"

namespace evh::http_api {

/// A mounted handler.
class Route {
 public:
  Route(std::string method, std::string path, std::int32_t flags, std::size_t base_size, evh_http_handler handler,
        void* ctx, std::shared_ptr<void> owned);

  const std::string& method() const noexcept { return method_; }
  const std::string& path() const noexcept { return path_; }  ///< BASE_PATH included
  bool is_prefix() const noexcept { return path_.back() == '/'; }
  bool is_blocking() const noexcept { return (flags_ & EVH_ROUTE_BLOCKING) != 0; }
  std::size_t base_size() const noexcept { return base_size_; }  ///< of BASE_PATH in path(); 0 when not under it

  /// Blocks until no RouteUse is left.
  void wait_until_unused() const noexcept;

 private:
  friend class RouteUse;

  const std::string method_, path_;
  const std::int32_t flags_;
  const std::size_t base_size_;
  const evh_http_handler handler_;
  void* const ctx_;
  const std::shared_ptr<void> owned_;  // what ctx points to, if it is ours
  std::atomic<std::uint32_t> uses_{0};
};

/// The right to run a route's handler: while one lives, unmount waits.
class RouteUse {
 public:
  RouteUse() noexcept = default;
  explicit RouteUse(std::shared_ptr<Route> route) noexcept : route_(std::move(route)) { route_->uses_.fetch_add(1); }
  RouteUse(RouteUse&& other) noexcept = default;
  RouteUse& operator=(RouteUse&& other) noexcept {
    std::swap(route_, other.route_);
    return *this;
  }
  ~RouteUse() {
    if (route_ != nullptr && route_->uses_.fetch_sub(1) == 1) route_->uses_.notify_all();
  }

  explicit operator bool() const noexcept { return route_ != nullptr; }
  const std::shared_ptr<Route>& route() const noexcept { return route_; }

  /// Runs the handler on this thread.
  void run(const evh_request& request, const evh_responder& responder) const {
    route_->handler_(route_->ctx_, &request, &responder);
  }

 private:
  std::shared_ptr<Route> route_;
};

/// Which handler answers a method and path. Every function may be called from any thread.
class Router {
 public:
  explicit Router(std::string base_path) : base_path_(std::move(base_path)) {}

  struct Match {
    RouteUse use;       ///< empty: no handler
    std::string allow;  ///< without a handler: the methods that this path has; empty when it has none
  };

  /// `path` as in the request line. The longest prefix wins, an exact route wins over all.
  Match find(std::string_view method, std::string_view path) const;

  /// Throws evh::Error (EVH_INVALID) for a bad or taken route.
  void mount(std::string_view method, std::string_view path, std::int32_t flags, evh_http_handler handler, void* ctx,
             std::shared_ptr<void> owned = nullptr);

  /// Takes the route away and waits for its running handlers.
  void unmount(std::string_view method, std::string_view path, std::int32_t flags);

  const std::string& base_path() const noexcept { return base_path_; }

 private:
  using Methods = std::map<std::string, std::shared_ptr<Route>, std::less<>>;

  const Methods* methods_of(std::string_view path) const;
  std::size_t base_size(std::int32_t flags) const noexcept;
  std::shared_ptr<Route> take(std::string_view method, const std::string& path);

  const std::string base_path_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Methods, std::less<>> exact_;
  std::vector<std::pair<std::string, Methods>> prefixes_;  // longest first
};

}  // namespace evh::http_api
