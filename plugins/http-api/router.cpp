#include "router.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "evh/error.hpp"
#include "http_syntax.h"
#include "percent_encoding.h"

namespace evh::http_api {

Route::Route(std::string method, std::string path, std::int32_t flags, std::size_t base_size, evh_http_handler handler,
             void* ctx, std::shared_ptr<void> owned)
    : method_(std::move(method)),
      path_(std::move(path)),
      flags_(flags),
      base_size_(base_size),
      handler_(handler),
      ctx_(ctx),
      owned_(std::move(owned)) {}

void Route::wait_until_unused() const noexcept {
  for (auto uses = uses_.load(); uses != 0; uses = uses_.load()) uses_.wait(uses);
}

namespace {

std::string allowed_methods(const std::map<std::string, std::shared_ptr<Route>, std::less<>>& methods) {
  std::string allow;
  for (const auto& [method, route] : methods) {
    allow += allow.empty() ? method : ", " + method;
    if (method == "GET") allow += ", HEAD";
  }
  return allow + ", OPTIONS";
}

void check_route(std::string_view method, std::string_view path) {
  if (!is_token(method) || !std::ranges::none_of(method, [](char letter) { return letter >= 'a' && letter <= 'z'; })) {
    throw Error(EVH_INVALID,
                "the method of a route must be an HTTP token in upper case, got '" + std::string(method) + "'");
  }
  if (path.empty() || path.front() != '/' || path.find('?') != std::string_view::npos || !has_only_target_bytes(path)) {
    throw Error(EVH_INVALID, "a route must begin with '/' and hold visible ASCII without '?' and '#', got '" +
                                 std::string(path) + "'");
  }
}

}  // namespace

const Router::Methods* Router::methods_of(std::string_view path) const {
  if (const auto found = exact_.find(path); found != exact_.end()) return &found->second;
  for (const auto& [prefix, methods] : prefixes_) {
    if (path.starts_with(prefix)) return &methods;
  }
  return nullptr;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  std::optional<std::string> decoded;
  if (path.find('%') != std::string_view::npos) {
    decoded = decode_path(path);
    if (!decoded) return {};
    path = *decoded;
  }
  const std::shared_lock lock(mutex_);
  const Methods* methods = methods_of(path);
  if (methods == nullptr) return {};
  if (const auto found = methods->find(method == "HEAD" ? "GET" : method); found != methods->end())
    return {RouteUse(found->second), {}};
  return {RouteUse(), allowed_methods(*methods)};
}

void Router::mount(std::string_view method, std::string_view path, std::int32_t flags, evh_http_handler handler,
                   void* ctx, std::shared_ptr<void> owned) {
  check_route(method, path);
  if ((flags & ~(EVH_ROUTE_BLOCKING | EVH_ROUTE_UNDER_BASE)) != 0) {
    throw Error(EVH_INVALID, "the route " + std::string(path) +
                                 " has flags that this release does not know: " + std::to_string(flags));
  }
  if (handler == nullptr) throw Error(EVH_INVALID, "the route " + std::string(path) + " has no handler");
  const std::size_t base = base_size(flags);
  const std::string full = base_path_.substr(0, base) + std::string(path);
  auto route = std::make_shared<Route>(std::string(method), full, flags, base, handler, ctx, std::move(owned));

  const std::lock_guard lock(mutex_);
  Methods* methods = nullptr;
  if (route->is_prefix()) {
    auto place = std::ranges::find_if(prefixes_, [&](const auto& entry) { return entry.first.size() <= full.size(); });
    while (place != prefixes_.end() && place->first.size() == full.size() && place->first != full) ++place;
    if (place == prefixes_.end() || place->first != full) place = prefixes_.insert(place, {full, {}});
    methods = &place->second;
  } else {
    methods = &exact_[full];
  }
  if (!methods->emplace(route->method(), route).second) {
    throw Error(EVH_INVALID, std::string(method) + " " + full + " is mounted already");
  }
}

std::shared_ptr<Route> Router::take(std::string_view method, const std::string& path) {
  const auto take_from = [&](Methods& methods) -> std::shared_ptr<Route> {
    const auto found = methods.find(method);
    if (found == methods.end()) return nullptr;
    auto route = std::move(found->second);
    methods.erase(found);
    return route;
  };
  std::shared_ptr<Route> route;
  if (const auto exact = exact_.find(path); exact != exact_.end()) {
    route = take_from(exact->second);
    if (exact->second.empty()) exact_.erase(exact);
  } else if (const auto prefix = std::ranges::find(prefixes_, path, &std::pair<std::string, Methods>::first);
             prefix != prefixes_.end()) {
    route = take_from(prefix->second);
    if (prefix->second.empty()) prefixes_.erase(prefix);
  }
  return route;
}

void Router::unmount(std::string_view method, std::string_view path, std::int32_t flags) {
  std::shared_ptr<Route> route;
  {
    const std::lock_guard lock(mutex_);
    route = take(method, base_path_.substr(0, base_size(flags)) + std::string(path));
  }
  if (route != nullptr) route->wait_until_unused();
}

std::size_t Router::base_size(std::int32_t flags) const noexcept {
  return (flags & EVH_ROUTE_UNDER_BASE) != 0 ? base_path_.size() : 0;
}

}  // namespace evh::http_api
