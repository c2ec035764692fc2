#include "access_log.h"

#include <chrono>
#include <string_view>

#include "evh/text.hpp"

namespace evh::http_api {
namespace {

// So much of a target that no route matched is worth a look.
constexpr std::size_t kMaxTarget = 256;
constexpr std::size_t kMaxMethod = 32;  // any token is one

}  // namespace

void log_request(const Host& host, const Exchange& exchange, int status) {
  if (!host.logs(Level::kInfo)) return;
  const double duration = std::chrono::duration<double>(Exchange::Clock::now() - exchange.started).count();
  if (!exchange.dispatched) {  // it could not be read
    host.info("HTTP request", {{"method", "-"},
                               {"path", "-"},
                               {"status", status},
                               {"duration_sec", duration},
                               {"client_ip", exchange.client_ip()},
                               {"request_id", exchange.request_id()}});
    return;
  }
  const HttpRequest& request = exchange.parser.request();
  const std::string_view method = request.method.substr(0, kMaxMethod);
  if (exchange.route != nullptr) {
    host.info("HTTP request", {{"method", method},
                               {"path", exchange.route->path()},
                               {"status", status},
                               {"duration_sec", duration},
                               {"client_ip", exchange.client_ip()},
                               {"request_id", exchange.request_id()}});
  } else {
    host.info("HTTP request", {{"method", method},
                               {"path", "-"},
                               {"status", status},
                               {"duration_sec", duration},
                               {"client_ip", exchange.client_ip()},
                               {"request_id", exchange.request_id()},
                               {"target", request.target.substr(0, kMaxTarget)}});
  }
}

}  // namespace evh::http_api
