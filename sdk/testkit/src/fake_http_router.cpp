#include "evh/testkit/fake_http_router.h"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "evh/error.hpp"
#include "evh/testkit/bystander_thread.h"
#include "evh/text.hpp"
#include "http_files.h"
#include "http_responder_state.h"
#include "http_route_table.h"

namespace evh::testkit {

class FakeHttpRouter::State {
 public:
  explicit State(std::string base_path) : base_path_(std::move(base_path)) {}

  const evh_http_router table{this, &State::mount, &State::mount_files, &State::unmount};
  std::atomic<bool> refuses_streams{false};

  std::shared_ptr<HttpResponderState> begin(const HttpRequest& request) {
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    const HttpRouteTable::Match match = routes_.find(request.method, path);
    const auto state = add_responder(request, match.route == nullptr ? 0 : match.route->base_size);
    if (match.route == nullptr) {
      refuse(*state, match.allow);
    } else if (match.route->is_blocking) {
      const std::lock_guard lock(mutex_);
      threads_.emplace_back([this, route = match.route, state] {
        const BystanderThread bystander;
        run(*route, *state);
      });
    } else {
      run(*match.route, *state);
    }
    return state;
  }

  [[nodiscard]] std::vector<std::string> mounts() const { return routes_.names(); }
  [[nodiscard]] std::vector<std::string> violations() const { return violations_->lines(); }
  [[nodiscard]] std::vector<std::string> violations_after_stop() const {
    std::vector<std::string> lines = violations();
    for (const std::string& name : mounts()) lines.push_back(name + " is still mounted");
    const std::lock_guard lock(mutex_);
    for (const auto& responder : responders_) {
      if (!responder->is_released()) lines.push_back(responder->name() + " is still held by a handler");
    }
    return lines;
  }

 private:
  std::shared_ptr<HttpResponderState> add_responder(const HttpRequest& request, std::size_t base_size) {
    const std::lock_guard lock(mutex_);
    return responders_.emplace_back(std::make_shared<HttpResponderState>(
        request, "fake-" + std::to_string(responders_.size() + 1), base_size, refuses_streams, violations_));
  }

  void run(HttpRoute& route, HttpResponderState& state) {
    const evh_responder& responder = state.responder();
    try {
      routes_.run(route, state.request(), responder);
    } catch (...) {
      violations_->report(state.name() + " has a handler that lets an exception out");
    }
    routes_.end_run(route);
    state.release();
  }

  static void refuse(HttpResponderState& state, const std::string& allow) {
    const evh_responder& responder = state.responder();
    const evh_header header = {str("Allow"), str(allow)};
    if (allow.empty()) {
      responder.respond(responder.self, 404, nullptr, 0, str(R"({"error":"not found"})"));
    } else {
      responder.respond(responder.self, 405, &header, 1, str(R"({"error":"method not allowed"})"));
    }
    state.release();
  }

  static evh_code mount(void* self, const char* method, const char* route, std::int32_t flags, evh_http_handler handler,
                        void* ctx, evh_error* error) {
    State& state = *static_cast<State*>(self);
    return state.guarded(error, [&] {
      if ((flags & ~(EVH_ROUTE_BLOCKING | EVH_ROUTE_UNDER_BASE)) != 0) {
        throw Error(EVH_INVALID, "the flags " + std::to_string(flags) + " are none of evh/http_router.h");
      }
      if (method == nullptr || route == nullptr || handler == nullptr) {
        throw Error(EVH_INVALID, "a route has a method, a path and a handler");
      }
      const std::string base = state.base_for(flags);
      state.routes_.add({.method = method,
                         .path = base + route,
                         .base_size = base.size(),
                         .is_blocking = (flags & EVH_ROUTE_BLOCKING) != 0,
                         .handler = [handler, ctx](const evh_request& request, const evh_responder& responder) {
                           handler(ctx, &request, &responder);
                         }});
    });
  }

  static evh_code mount_files(void* self, const char* route, const char* folder, const char* fallback,
                              evh_error* error) {
    State& state = *static_cast<State*>(self);
    return state.guarded(error, [&] {
      state.routes_.add({.method = "GET", .path = route, .handler = file_handler(route, folder, fallback)});
    });
  }

  static void unmount(void* self, const char* method, const char* route, std::int32_t flags) {
    State& state = *static_cast<State*>(self);
    if (!state.routes_.remove(method, state.base_for(flags) + route)) {
      state.violations_->report(std::string(method) + " " + route + " was unmounted from inside a handler");
    }
  }

  [[nodiscard]] std::string base_for(std::int32_t flags) const {
    return (flags & EVH_ROUTE_UNDER_BASE) != 0 ? base_path_ : std::string();
  }

  // A mount that fails is an error of whoever mounts.
  template <class Body>
  evh_code guarded(evh_error* error, const Body& body) {
    evh_error kept{};
    const evh_code code = guard(&kept, body);
    if (code == EVH_OK) return EVH_OK;
    violations_->report(kept.message);
    return fail(error, code, kept.message);
  }

  const std::string base_path_;
  const std::shared_ptr<ViolationList> violations_ = std::make_shared<ViolationList>();
  HttpRouteTable routes_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<HttpResponderState>> responders_;
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

FakeHttpRouter::FakeHttpRouter(std::string base_path) : state_(std::make_unique<State>(std::move(base_path))) {}
FakeHttpRouter::~FakeHttpRouter() = default;

const evh_http_router& FakeHttpRouter::table() const noexcept {
  return state_->table;
}

HttpAnswer FakeHttpRouter::ask(std::string_view method, std::string_view target, std::string_view body,
                               const std::vector<HttpHeader>& headers) {
  const HttpExchange exchange = begin(
      {.method = std::string(method), .target = std::string(target), .body = std::string(body), .headers = headers});
  if (exchange.wait()) return exchange.answer();
  throw std::runtime_error(std::string(method) + " " + std::string(target) + " was not answered in time");
}

HttpExchange FakeHttpRouter::begin(const HttpRequest& request) {
  return HttpExchange(state_->begin(request));
}

void FakeHttpRouter::refuse_streams() {
  state_->refuses_streams = true;
}

void FakeHttpRouter::allow_streams() {
  state_->refuses_streams = false;
}

std::vector<std::string> FakeHttpRouter::mounts() const {
  return state_->mounts();
}

std::vector<std::string> FakeHttpRouter::violations() const {
  return state_->violations();
}

std::vector<std::string> FakeHttpRouter::violations_after_stop() const {
  return state_->violations_after_stop();
}

}  // namespace evh::testkit
