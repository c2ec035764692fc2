// Clients that read slowly: the honest ones are waited for, those that only hold on are not.
#include <thread>

#include "mounted_routes.h"

namespace evh::http_api_test {
namespace {

class SlowReaders : public RouteTest {
 protected:
  // `size` bytes at /large.
  void mount_large(std::size_t size) {
    mount("GET", "/large", EVH_ROUTE_QUICK, [size](const evh_request&, const evh_responder& responder) {
      respond(responder, 200, std::string(size, 'x'));
    });
  }
};

// The kernel tells that a socket is writable again only when a good part of its buffer is free, which a slow client
// takes longer than the timeout to read.
TEST_F(SlowReaders, AreNotCutOffAsLongAsTheyTakeSomething) {
  start({{"write_timeout", "1s"}});
  mount_large(3 * 1024 * 1024);
  HttpConnection client(port_, {.receive_buffer_bytes = 8 * 1024});
  client.send(get_request("/large"));
  ASSERT_EQ(client.read_head().status, 200);
  std::size_t read = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
  while (std::chrono::steady_clock::now() < end) {
    const auto part = client.read_body_part();
    ASSERT_TRUE(part) << "read too fast to show anything";
    read += part->size();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the client's pace is what is tested
  }
  while (const auto part = client.read_body_part()) read += part->size();
  EXPECT_EQ(read, 3U * 1024 * 1024);
}

TEST_F(SlowReaders, AreCutOffWhenTheyTakeNothing) {
  start({{"write_timeout", "500ms"}});
  mount_large(8 * 1024 * 1024);
  HttpConnection client(port_, {.receive_buffer_bytes = 8 * 1024});
  client.send(get_request("/large"));
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(eventually([this] { return requests().size() == 1; })) << "given up";
  EXPECT_EQ(requests()[0].fields.at("status"), "499");
  EXPECT_THROW(
      {
        while (client.read_body_part()) continue;
      },
      ConnectionError);
}

TEST_F(SlowReaders, AreCutOffBehindTheLastByteAsWell) {
  start({{"write_timeout", "500ms"}, {"max_connections", "1"}});
  mount_large(64 * 1024);  // fits into the socket
  HttpConnection client(port_, {.receive_buffer_bytes = 8 * 1024});
  client.send(get_request("/large", "Connection: close\r\n"));
  ASSERT_EQ(client.read_head().status, 200);
  const auto is_free = [this] {
    try {
      return ask(get_request("/healthz")).status == 200;
    } catch (const ConnectionError&) {
      return false;
    }
  };
  EXPECT_TRUE(eventually(is_free));
}

TEST_F(SlowReaders, GetTheirAnswerWhenTheyHaveClosedTheirSide) {
  start();
  mount_large(2 * 1024 * 1024);
  HttpConnection client(port_, {.receive_buffer_bytes = 8 * 1024});
  client.send(get_request("/large"));
  client.half_close();
  EXPECT_EQ(client.read_response().body.size(), 2U * 1024 * 1024);
  EXPECT_TRUE(client.is_closed_within(kPatience));
}

TEST_F(SlowReaders, GetTheirRefusalAlthoughTheyStillSend) {
  start({{"body_limit", "1KiB"}});
  HttpConnection client = connect();
  client.send("POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  for (int i = 0; i < 10; ++i) client.send(std::string(10'000, 'x'));
  EXPECT_EQ(client.read_response().status, 413);
}

}  // namespace
}  // namespace evh::http_api_test
