#include "access_log.h"

#include <chrono>
#include <string_view>

#include "evh/text.hpp"

namespace evh::http_api {
namespace {

// So much of a target that no route matched is worth a look.
constexpr std::size_t kMaxTarget = 256;

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
  if (exchange.route != nullptr) {
    host.info("HTTP request", {{"method", request.method},
                               {"path", exchange.route->path()},
                               {"status", status},
                               {"duration_sec", duration},
                               {"client_ip", exchange.client_ip()},
                               {"request_id", exchange.request_id()}});
  } else {
    host.info("HTTP request", {{"method", request.method},
                               {"path", "-"},
                               {"status", status},
                               {"duration_sec", duration},
                               {"client_ip", exchange.client_ip()},
                               {"request_id", exchange.request_id()},
                               {"target", request.target.substr(0, kMaxTarget)}});
  }
}

}  // namespace evh::http_api
