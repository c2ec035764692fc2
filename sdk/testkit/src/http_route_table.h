// The routes that are mounted on a fake router.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "evh/http_router.h"

namespace evh::testkit {

struct HttpRoute {
  using Handler = std::function<void(const evh_request&, const evh_responder&)>;

  std::string method;
  std::string path;  // BASE_PATH included
  std::size_t base_size = 0;
  bool is_blocking = false;
  Handler handler;
  std::size_t running = 0;  // with the lock of its table
};

// Every function may be called from any thread.
class HttpRouteTable {
 public:
  // Throws evh::Error (EVH_INVALID) when the route is bad or taken.
  void add(HttpRoute route);
  // Waits for its running handlers. False: called from inside a handler, so it did not wait.
  bool remove(std::string_view method, const std::string& path);

  struct Match {
    std::shared_ptr<HttpRoute> route;  // counts as running until end_run
    std::string allow;                 // without a route: the methods that there are; empty when there are none
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path);
  void run(const HttpRoute& route, const evh_request& request, const evh_responder& responder) const;
  void end_run(HttpRoute& route);

  [[nodiscard]] std::vector<std::string> names() const;

 private:
  using Methods = std::map<std::string, std::shared_ptr<HttpRoute>, std::less<>>;

  [[nodiscard]] const Methods* methods_of(std::string_view path) const;

  mutable std::mutex mutex_;
  std::condition_variable returned_;
  std::map<std::string, Methods, std::less<>> routes_;
};

}  // namespace evh::testkit
