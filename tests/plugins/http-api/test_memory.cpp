// What clients together may take of the machine's memory.
#include "mounted_routes.h"

namespace evh::http_api_test {
namespace {

class Memory : public RouteTest {
 protected:
  static constexpr std::size_t kLarge = 400 * 1024;

  // The head and most of the body of a large request, which then waits for the rest.
  HttpConnection begin_large_request() const {
    HttpConnection client = connect();
    client.send("POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kLarge) + "\r\n\r\n" +
                std::string(kLarge - 1, ' '));
    return client;
  }
};

TEST_F(Memory, IsKeptFromManyLargeRequestsAtOnce) {
  start({{"buffer_memory", "1MiB"}, {"body_limit", "512KiB"}, {"read_timeout", "60s"}});
  std::vector<HttpConnection> clients;
  constexpr std::size_t kMost = 20;
  bool refused = false;
  while (!refused && clients.size() < kMost) {
    clients.push_back(begin_large_request());
    refused = eventually([&] { return clients.back().is_readable_within(Milliseconds(0)); },
                         std::chrono::milliseconds(clients.size() < 3 ? 100 : 1000));
  }
  ASSERT_TRUE(refused);
  EXPECT_GE(clients.size(), 2U) << "one has room";
  const HttpResponse response = clients.back().read_response();
  EXPECT_THAT(response, IsError(503, "server busy",
                                "large requests and answers take all the memory that they may (buffer_memory)"));
  EXPECT_EQ(response.header("Retry-After"), "1");
  EXPECT_EQ(ask(post_request(event_json(1, "small"))).status, 201) << "small requests have nothing to do with it";

  // It comes back with those that leave, and with those that are answered.
  clients.front().send(" ");
  EXPECT_EQ(clients.front().read_response().status, 400);
  clients.clear();
  EXPECT_TRUE(eventually(
      [this] { return ask(post_request(event_json(1, "large") + std::string(kLarge, ' '))).status == 201; }));
}

TEST_F(Memory, IsKeptFromManyLargeAnswersAtOnce) {
  start({{"buffer_memory", "1MiB"}, {"body_limit", "512KiB"}, {"write_timeout", "60s"}});
  mount("GET", "/large", EVH_ROUTE_QUICK, [](const evh_request&, const evh_responder& responder) {
    respond(responder, 200, std::string(600 * 1024, 'x'));
  });
  HttpConnection reader(port_, {.receive_buffer_bytes = 4096});
  reader.send(get_request("/large"));
  ASSERT_EQ(reader.read_head().status, 200);
  EXPECT_EQ(ask(get_request("/large")).status, 503);
  EXPECT_EQ(ask(get_request("/healthz")).status, 200);
  std::size_t read = 0;
  while (const auto part = reader.read_body_part()) read += part->size();
  EXPECT_EQ(read, 600U * 1024);
  EXPECT_TRUE(eventually([this] { return ask(get_request("/large")).status == 200; }));
}

TEST_F(Memory, OfALargeAnswerComesBackWhenNobodyReadsIt) {
  start({{"buffer_memory", "1MiB"}, {"body_limit", "512KiB"}});
  mount("GET", "/large", EVH_ROUTE_QUICK, [](const evh_request&, const evh_responder& responder) {
    respond(responder, 200, std::string(600 * 1024, 'x'));
    respond(responder, 200, std::string(100 * 1024, 'y'));  // ignored, and not counted
  });
  for (int i = 0; i < 20; ++i) {
    HttpConnection client = connect();
    client.send(get_request("/large"));
    client.reset();
  }
  EXPECT_TRUE(eventually([this] { return ask(get_request("/large")).status == 200; }));
}

}  // namespace
}  // namespace evh::http_api_test
