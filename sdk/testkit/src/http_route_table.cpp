#include "http_route_table.h"

#include <algorithm>
#include <utility>

#include "evh/error.hpp"

namespace evh::testkit {
namespace {

// Whose handler this thread runs.
thread_local const HttpRouteTable* running_table = nullptr;

class RunningHandler {
 public:
  explicit RunningHandler(const HttpRouteTable* table) : outer_(std::exchange(running_table, table)) {}
  ~RunningHandler() { running_table = outer_; }
  RunningHandler(const RunningHandler&) = delete;
  RunningHandler& operator=(const RunningHandler&) = delete;

 private:
  const HttpRouteTable* outer_;
};

void check(const HttpRoute& route, std::string_view path) {
  const auto is_upper = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  if (route.method.empty() || !std::ranges::all_of(route.method, is_upper)) {
    throw Error(EVH_INVALID, "the method of a route must be in upper case, got '" + route.method + "'");
  }
  const auto is_visible = [](char byte) { return byte > 0x20 && byte < 0x7F && byte != '?' && byte != '#'; };
  if (!path.starts_with('/') || !std::ranges::all_of(path, is_visible)) {
    throw Error(EVH_INVALID,
                "a route begins with '/' and holds visible ASCII without '?' and '#', got '" + std::string(path) + "'");
  }
}

}  // namespace

void HttpRouteTable::add(HttpRoute route) {
  check(route, std::string_view(route.path).substr(route.base_size));
  const std::lock_guard lock(mutex_);
  const std::string method = route.method;
  const std::string path = route.path;
  Methods& methods = routes_[path];
  if (!methods.emplace(method, std::make_shared<HttpRoute>(std::move(route))).second) {
    throw Error(EVH_INVALID, method + " " + path + " is mounted already");
  }
}

bool HttpRouteTable::remove(std::string_view method, const std::string& path) {
  std::unique_lock lock(mutex_);
  const auto methods = routes_.find(path);
  if (methods == routes_.end()) return true;
  const auto found = methods->second.find(method);
  if (found == methods->second.end()) return true;
  const std::shared_ptr<HttpRoute> route = found->second;
  methods->second.erase(found);
  if (methods->second.empty()) routes_.erase(methods);
  if (running_table == this) return false;
  returned_.wait(lock, [&] { return route->running == 0; });
  return true;
}

HttpRouteTable::Match HttpRouteTable::find(std::string_view method, std::string_view path) {
  const std::lock_guard lock(mutex_);
  const Methods* methods = methods_of(path);
  if (methods == nullptr) return {};
  const auto found = methods->find(method == "HEAD" ? "GET" : method);
  if (found != methods->end()) {
    ++found->second->running;
    return {found->second, {}};
  }
  std::string allow;
  for (const auto& [name, route] : *methods) {
    allow += (allow.empty() ? "" : ", ") + name;
    if (name == "GET") allow += ", HEAD";
  }
  return {nullptr, allow};
}

void HttpRouteTable::run(const HttpRoute& route, const evh_request& request, const evh_responder& responder) const {
  const RunningHandler running(this);
  route.handler(request, responder);
}

void HttpRouteTable::end_run(HttpRoute& route) {
  const std::lock_guard lock(mutex_);
  --route.running;
  returned_.notify_all();
}

std::vector<std::string> HttpRouteTable::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [path, methods] : routes_) {
    for (const auto& [method, route] : methods) names.push_back(method + " " + path);
  }
  std::ranges::sort(names);
  return names;
}

const HttpRouteTable::Methods* HttpRouteTable::methods_of(std::string_view path) const {
  if (const auto exact = routes_.find(path); exact != routes_.end()) return &exact->second;
  const Methods* longest = nullptr;
  std::size_t size = 0;
  for (const auto& [prefix, methods] : routes_) {
    if (!prefix.ends_with('/') || prefix.size() < size || !path.starts_with(prefix)) continue;
    longest = &methods;
    size = prefix.size();
  }
  return longest;
}

}  // namespace evh::testkit
