// evh.http-router/1 without a server: requests are function calls.
//
//   evh::testkit::FakeHttpRouter router;
//   host.provide(router);
//   plugin.create_and_start();
//   EXPECT_EQ(router.ask("GET", "/api/greeting?name=Ann").body, "Hello, Ann");
//   plugin.drain_stop_and_destroy();
//   EXPECT_THAT(router.violations_after_stop(), IsEmpty());
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evh/http_router.h"
#include "evh/testkit/http_answer.h"
#include "evh/testkit/http_exchange.h"

namespace evh::testkit {

// Every function may be called from any thread. It must outlive whoever has mounted routes or retained a responder.
//
// A quick handler runs on the thread that asks, a blocking one on a thread of the fake. An exact route wins over one
// that ends with '/', of those the longest one. Nothing is percent-decoded. A path without a route is answered 404, one
// without the method 405 with Allow.
class FakeHttpRouter {
 public:
  explicit FakeHttpRouter(std::string base_path = "/api");
  ~FakeHttpRouter();  // waits for the handlers that still run
  FakeHttpRouter(const FakeHttpRouter&) = delete;
  FakeHttpRouter& operator=(const FakeHttpRouter&) = delete;

  [[nodiscard]] const evh_http_router& table() const noexcept;

  // Asks, and waits for the whole answer. Throws std::runtime_error when it does not come within kPatience.
  HttpAnswer ask(std::string_view method, std::string_view target, std::string_view body = {},
                 const std::vector<HttpHeader>& headers = {});
  // Asks, and does not wait.
  HttpExchange begin(const HttpRequest& request);

  // begin_stream fails with EVH_OVERLOADED, as when too many streams are open; and no more.
  void refuse_streams();
  void allow_streams();

  // "GET /api/greeting", sorted; BASE_PATH included.
  [[nodiscard]] std::vector<std::string> mounts() const;

  // How the contract was broken so far, one line each: a bad route, one that was mounted twice, a request answered
  // twice, a header that is the server's to write, ...
  [[nodiscard]] std::vector<std::string> violations() const;
  // With what a plugin that has stopped must not leave behind: a mounted route, a retained responder.
  [[nodiscard]] std::vector<std::string> violations_after_stop() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace evh::testkit
