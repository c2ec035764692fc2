// The end: what was taken is answered, what is answered arrives, and answers that come too late hurt nobody.
#include <future>
#include <thread>

#include "evh/testkit/bystander_thread.h"
#include "mounted_routes.h"

namespace evh::http_api_test {
namespace {

using namespace std::chrono_literals;
constexpr Span kBudget = testkit::kPatience;

class ServerShutdown : public RouteTest {
 protected:
  // Drains on a thread of its own, so that the test can go on; when this returns, the drain has begun.
  std::future<testkit::Outcome> begin_drain() {
    HttpConnection idle = connect();
    EXPECT_EQ(idle.ask(get_request("/healthz")).status, 200);
    auto drained = std::async(std::launch::async, [this] {
      const testkit::BystanderThread bystander;
      return plugin_->drain(kBudget);
    });
    EXPECT_TRUE(idle.is_closed_within(kPatience));
    return drained;
  }

  bool refuses_connections() const {
    try {
      connect();
      return false;
    } catch (const ConnectionError& error) {
      return error.kind() == ConnectionError::Kind::kRefused;
    }
  }
};

TEST_F(ServerShutdown, AnswersWhatWasTakenBeforeTheDrain) {
  start();
  store_.hold();
  HttpConnection client = connect();
  client.send(post_request(event_json(1, "in flight")));
  ASSERT_TRUE(store_.wait_for_held(1));
  auto drained = begin_drain();
  EXPECT_TRUE(refuses_connections());
  EXPECT_EQ(drained.wait_for(0s), std::future_status::timeout) << "an answer is missing";
  store_.release();
  const HttpResponse response = client.read_response();
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(drained.get().ok());
}

TEST_F(ServerShutdown, ClosesIdleConnectionsAtOnce) {
  start();
  HttpConnection idle = connect();
  EXPECT_EQ(idle.ask(get_request("/healthz")).status, 200);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(plugin_->drain(kBudget).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kBudget / 4);
  EXPECT_TRUE(idle.is_closed_within(kPatience));
}

TEST_F(ServerShutdown, AnswersAConnectionThatWasNotAcceptedYet) {
  start();
  std::vector<HttpConnection> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(connect());
    clients.back().send(get_request("/healthz"));
  }
  EXPECT_TRUE(plugin_->drain(kBudget).ok());
  for (HttpConnection& client : clients) EXPECT_EQ(client.read_response().status, 200);
}

TEST_F(ServerShutdown, AnswersOneMoreOfAPipelineAndSaysThatItWasTheLast) {
  start();
  store_.hold();
  HttpConnection client = connect();
  client.send(post_request(event_json(1, "first")) + post_request(event_json(1, "second")));
  ASSERT_TRUE(store_.wait_for_held(1));
  auto drained = begin_drain();
  store_.release();
  EXPECT_EQ(client.read_response().header("Connection"), "close");
  EXPECT_TRUE(client.is_closed_within(kPatience));
  EXPECT_TRUE(drained.get().ok());
  EXPECT_EQ(store_.events().size(), 1U) << "what is not answered is not done";
}

// The server's part is over long before a slow client has read everything: the rest is in the kernel's hands, and must
// not be thrown away.
TEST_F(ServerShutdown, LetsASlowClientReadItsAnswerToTheEnd) {
  start();
  const std::string body(2 * 1024 * 1024, 'x');
  mount("GET", "/large", EVH_ROUTE_QUICK,
        [&](const evh_request&, const evh_responder& responder) { respond(responder, 200, body); });
  HttpConnection client(port_, {.receive_buffer_bytes = 4096});
  client.send(get_request("/large"));
  ASSERT_EQ(client.read_head().status, 200);
  auto drained = begin_drain();
  std::string read;
  while (const auto part = client.read_body_part()) read += *part;
  EXPECT_EQ(read.size(), body.size());
  EXPECT_TRUE(drained.get().ok());
}

TEST_F(ServerShutdown, DoesNotTakeBackWhatWasAnsweredWhenItStops) {
  start({{"write_timeout", "60s"}});
  const std::string body(64 * 1024, 'x');
  mount("GET", "/large", EVH_ROUTE_QUICK,
        [&](const evh_request&, const evh_responder& responder) { respond(responder, 200, body); });
  HttpConnection client(port_, {.receive_buffer_bytes = 4096});
  client.send(get_request("/large", "Connection: close\r\n"));
  ASSERT_TRUE(client.is_readable_within(kPatience));
  ASSERT_TRUE(eventually([this] { return requests().size() == 1; })) << "all of it is in the kernel";
  unmount_all();
  EXPECT_EQ(plugin_->drain(100ms).code, EVH_TIMEOUT) << "but not with the client";
  plugin_->stop();
  EXPECT_EQ(client.read_response().body, body);
}

TEST_F(ServerShutdown, SaysWhatItLeftUnfinished) {
  start();
  store_.hold();
  HttpConnection client = connect();
  client.send(post_request(event_json(1, "stuck")));
  ASSERT_TRUE(store_.wait_for_held(1));
  const testkit::Outcome drained = plugin_->drain(50ms);
  EXPECT_EQ(drained.code, EVH_TIMEOUT);
  EXPECT_THAT(drained.message, testing::HasSubstr("1 connection"));
  store_.release();
}

TEST_F(ServerShutdown, SurvivesAnswersThatComeAfterTheStop) {
  start();
  store_.hold();
  std::vector<HttpConnection> clients;
  for (std::size_t i = 1; i <= 10; ++i) {
    clients.push_back(connect());
    clients.back().send(post_request(event_json(1, "late")));
    ASSERT_TRUE(store_.wait_for_held(i));
  }
  plugin_->drain(10ms);
  plugin_->stop();
  store_.release();  // a store stops after http-api, and answers until then
  EXPECT_TRUE(store_.wait_for_events(10));
  EXPECT_TRUE(eventually([this] { return store_.held() == 0; }));
  for (HttpConnection& client : clients) EXPECT_THROW(client.read_response(), ConnectionError);
}

TEST_F(ServerShutdown, SurvivesAnswersThatComeWhileItStops) {
  for (int round = 0; round < 10; ++round) {
    store_.hold();
    start({{"threads", "2"}});
    std::vector<HttpConnection> clients;
    for (std::size_t i = 1; i <= 20; ++i) {
      clients.push_back(connect());
      clients.back().send(post_request(event_json(1, "late")));
    }
    ASSERT_TRUE(store_.wait_for_held(20));
    plugin_->drain(1ms);
    const std::size_t before = store_.events().size();
    {
      std::jthread releasing([this] {
        const testkit::BystanderThread bystander;
        store_.release();
      });
      plugin_->stop();
    }
    ASSERT_TRUE(store_.wait_for_events(before + 20));
    plugin_.reset();
  }
}

TEST_F(ServerShutdown, SurvivesRespondersThatAreReleasedAfterTheStop) {
  start();
  std::promise<Retained> handed_over, streaming;
  mount("GET", "/later", EVH_ROUTE_QUICK,
        [&](const evh_request&, const evh_responder& responder) { handed_over.set_value(Retained(responder)); });
  mount("GET", "/stream", EVH_ROUTE_QUICK, [&](const evh_request&, const evh_responder& responder) {
    EXPECT_EQ(responder.begin_stream(responder.self, 200, nullptr, 0), EVH_OK);
    streaming.set_value(Retained(responder));
  });
  HttpConnection first = connect(), second = connect();
  first.send(get_request("/later"));
  second.send(get_request("/stream"));
  {
    const Retained later = handed_over.get_future().get();
    const Retained stream = streaming.get_future().get();
    unmount_all();
    plugin_->drain(10ms);
    plugin_->stop();
    respond(*later, 200, "too late");
    EXPECT_EQ((*stream).try_write((*stream).self, str("too late"), [](void*, std::int32_t) {}, nullptr), EVH_CANCELLED);
    (*stream).end_stream((*stream).self, 1);
  }
  plugin_->destroy();
}

TEST_F(ServerShutdown, EndsScansThatAreStillRunning) {
  start();
  for (int i = 0; i < 200'000 / kSlowness; ++i) store_.add(1, "a", "{}", testkit::TestClock::kStart);
  HttpConnection client(port_, {.receive_buffer_bytes = 4096});
  client.send(get_request("/api/events?from=2025-01-01&to=2025-01-02"));
  ASSERT_EQ(client.read_head().status, 200);
  plugin_->drain(10ms);
  const auto begin = std::chrono::steady_clock::now();
  plugin_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kBudget / 2);
}

TEST_F(ServerShutdown, WithAWorkerThatIsBusyWaitsForItsHandler) {
  start({{"workers", "1"}});
  std::promise<void> running, go_on;
  mount("GET", "/slow", EVH_ROUTE_BLOCKING, [&](const evh_request&, const evh_responder& responder) {
    running.set_value();
    go_on.get_future().wait();
    respond(responder, 200, "slow");
  });
  HttpConnection client = connect(), waiting = connect();
  client.send(get_request("/slow"));
  running.get_future().wait();
  auto drained = begin_drain();
  go_on.set_value();
  EXPECT_EQ(client.read_response().body, "slow");
  EXPECT_TRUE(drained.get().ok());
}

}  // namespace
}  // namespace evh::http_api_test
