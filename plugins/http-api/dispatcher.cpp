#include "dispatcher.h"

#include <algorithm>
#include <array>

#include "evh/text.hpp"
#include "json_answer.h"

namespace evh::http_api {
namespace {

constexpr std::size_t kMaxRequestId = 64;

bool is_request_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestId && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

// The headers that matter to every request, found in one pass.
struct KnownHeaders {
  explicit KnownHeaders(const HttpRequest& request) {
    for (const evh_header& header : request.headers) {
      const std::string_view name = view(header.name);
      if (equals_ignoring_case(name, "origin")) {
        origin = view(header.value);
      } else if (equals_ignoring_case(name, "x-request-id")) {
        request_id = view(header.value);
      } else if (equals_ignoring_case(name, "access-control-request-method")) {
        preflight = true;
      }
    }
  }
  std::string_view origin, request_id;
  bool preflight = false;
};

}  // namespace

void Dispatcher::dispatch(Exchange& exchange, std::string_view client_ip, std::string_view fallback_id) const {
  const HttpRequest& request = exchange.parser.request();
  const KnownHeaders headers(request);
  exchange.dispatched = true;
  Router::Match match = router_.find(request.method, request.path);
  exchange.route = match.use.route();
  exchange.identify(client_ip, is_request_id(headers.request_id) ? headers.request_id : fallback_id);
  exchange.publish_request(exchange.route != nullptr ? exchange.route->base_size() : 0);

  const CorsPolicy::Verdict verdict = cors_.judge(headers.origin, request.host);
  if (verdict == CorsPolicy::Verdict::kRefused) {
    return respond_error(
        exchange.responder(),
        {403, "origin not allowed", "CORS_ALLOW_ORIGINS does not list the origin " + std::string(headers.origin)});
  }
  if (verdict == CorsPolicy::Verdict::kAllowed) exchange.origin = headers.origin;

  if (!match.use) {
    if (request.method == "OPTIONS" && (!match.allow.empty() || request.path == "*")) {
      return answer_options(exchange, match.allow, headers.preflight);
    }
    if (match.allow.empty()) return respond_error(exchange.responder(), {404, "not found", {}});
    const std::string body = to_json({405, "method not allowed", "this path answers " + match.allow});
    const evh_header answer[] = {{str("Content-Type"), str("application/json")}, {str("Allow"), str(match.allow)}};
    return exchange.responder().respond(exchange.responder().self, 405, answer, std::size(answer), str(body));
  }

  const bool blocking = exchange.route->is_blocking();
  exchange.route_use = std::move(match.use);
  if (!blocking) return exchange.run_handler();
  exchange.ref();
  const std::shared_ptr<Exchange> held(&exchange, [](Exchange* task) {
    task->drop_handler();  // when the pool has stopped first
    task->unref();
  });
  if (!workers_->try_submit([held] { held->run_handler(); })) {
    exchange.drop_handler();
    respond_error(exchange.responder(), server_busy("every worker is taken, and so is the queue for them"));
  }
}

void Dispatcher::answer_options(Exchange& exchange, const std::string& allow, bool preflight) const {
  std::array<evh_header, 4> headers{};
  std::size_t count = 0;
  if (!allow.empty()) headers[count++] = {str("Allow"), str(allow)};
  if (preflight && !exchange.origin.empty()) {
    headers[count++] = {str("Access-Control-Allow-Methods"), str(cors_.methods())};
    headers[count++] = {str("Access-Control-Allow-Headers"), str(cors_.headers())};
    headers[count++] = {str("Access-Control-Max-Age"), str("600")};
  }
  exchange.responder().respond(exchange.responder().self, 204, headers.data(), count, str(""));
}

ServerHeaders::ServerHeaders(const Exchange& exchange, const CorsPolicy& cors) {
  add("X-Request-Id", exchange.request_id());
  if (!cors.any_origin()) add("Vary", "Origin");
  if (exchange.origin.empty()) return;
  add("Access-Control-Allow-Origin", cors.any_origin() ? "*" : exchange.origin);
  add("Access-Control-Expose-Headers", "Link, Retry-After, X-Request-Id");
  if (cors.credentials()) add("Access-Control-Allow-Credentials", "true");
}

void ServerHeaders::add(std::string_view name, std::string_view value) noexcept {
  headers_[count_++] = {str(name), str(value)};
}

}  // namespace evh::http_api
