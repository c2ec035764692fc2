// What a client may take: time, bytes, connections.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/stored_events.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

class Limits : public SystemTest {
 protected:
  // Sends a byte every 50 ms until the server answers or closes, for `most` at the longest.
  static void drip(HttpConnection& connection, Milliseconds most) {
    constexpr Milliseconds kPause{50};
    const auto deadline = Clock::now() + most;
    while (!connection.is_readable_within(kPause) && Clock::now() < deadline) connection.send("x");
  }

  std::int64_t stored() { return StoredEvents(folder_).count(); }
};

constexpr Milliseconds kReadTimeout{1000};
const Configuration kQuickTimeout{.http = {{"read_timeout", "1s"}}};

void expect_timeout(HttpConnection& connection, Clock::time_point begin) {
  const HttpResponse response = connection.read_response();
  const auto took = std::chrono::ceil<Milliseconds>(Clock::now() - begin);
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_TRUE(nlohmann::json::parse(response.body).contains("error")) << response.body;
  EXPECT_GE(took, kReadTimeout);
  EXPECT_LT(took, kReadTimeout + Milliseconds(1500) * kSlowness);
  EXPECT_TRUE(connection.is_closed_within(kPatience));
}

TEST_F(Limits, GiveAHeadSoMuchTime) {
  const Server server(folder_, kQuickTimeout);
  HttpConnection connection(server.port());
  const auto begin = Clock::now();
  connection.send("POST /api/events HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  drip(connection, kPatience);
  expect_timeout(connection, begin);
}

TEST_F(Limits, GiveABodySoMuchTime) {
  const Server server(folder_, kQuickTimeout);
  HttpConnection connection(server.port());
  const auto begin = Clock::now();
  connection.send("POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{");
  drip(connection, kPatience);
  expect_timeout(connection, begin);
  EXPECT_EQ(stored(), 0);
}

TEST_F(Limits, GiveAChunkedBodySoMuchTime) {
  const Server server(folder_, kQuickTimeout);
  HttpConnection connection(server.port());
  const auto begin = Clock::now();
  connection.send("POST /api/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{");
  drip(connection, kPatience);
  expect_timeout(connection, begin);
}

TEST_F(Limits, StartAnewWithEveryRequest) {
  const Server server(folder_, kQuickTimeout);
  HttpConnection connection(server.port());
  const std::string request = post_request(event_json(1, "a"));
  const auto end = Clock::now() + 2 * kReadTimeout;
  for (int i = 0; Clock::now() < end; ++i) {
    // In two parts, so that every request is in progress for a while.
    connection.send(request.substr(0, 40));
    EXPECT_FALSE(connection.is_readable_within(Milliseconds(100)));
    EXPECT_THAT(connection.ask(request.substr(40)), IsCreated()) << "request " << i;
  }
}

TEST_F(Limits, RefuseABodyThatIsAnnouncedAsTooLarge) {
  const Server server(folder_);
  for (const char* length : {"1048577", "1000000000000000000", "99999999999999999999999999"}) {
    HttpConnection connection(server.port());
    connection.send("POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::string(length) +
                    "\r\n\r\n");
    EXPECT_THAT(connection.read_response(), IsErrorOf(413, "request too large")) << length;
    EXPECT_TRUE(connection.is_closed_within(kPatience));
  }
}

TEST_F(Limits, RefuseChunksThatBecomeTooMany) {
  const Server server(folder_, {.http = {{"body_limit", "64KiB"}}});
  HttpConnection connection(server.port());
  connection.send("POST /api/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  for (int i = 0; i < 4; ++i) connection.send(chunk);
  EXPECT_FALSE(connection.is_readable_within(Milliseconds(100))) << "64 KiB are not too large";
  connection.send("1\r\n \r\n");
  EXPECT_THAT(connection.read_response(), IsErrorOf(413, "request too large"));
  EXPECT_TRUE(connection.is_closed_within(kPatience));
}

// A client that sends first and reads later must still be told, not just cut off.
TEST_F(Limits, TellAClientThatHasSentItsWholeTooLargeBody) {
  const Server server(folder_, {.http = {{"body_limit", "64KiB"}}});
  HttpConnection connection(server.port());
  connection.send(post_request(std::string(256 * 1024, ' ')));
  EXPECT_THAT(connection.read_response(), IsErrorOf(413, "request too large"));
}

TEST_F(Limits, RefuseAHeadThatIsTooLarge) {
  const Server server(folder_);
  const std::string error = "request header fields too large";
  EXPECT_THAT(server.ask(get_request("/healthz", "X-Long: " + std::string(20'000, 'x') + "\r\n")),
              IsErrorOf(431, error));
  std::string headers;
  for (int i = 0; i < 101; ++i) headers += "X-" + std::to_string(i) + ": 1\r\n";
  EXPECT_THAT(server.ask(get_request("/healthz", headers)), IsErrorOf(431, error));
  EXPECT_THAT(server.ask(get_request("/healthz?" + std::string(9000, 'x'))), IsErrorOf(414, "URI too long"));
}

TEST_F(Limits, CloseIdleConnections) {
  const Server server(folder_, {.http = {{"idle_timeout", "1s"}}});
  HttpConnection fresh(server.port());
  HttpConnection used(server.port());
  EXPECT_EQ(used.ask(get_request("/healthz")).status, 200);
  const auto begin = Clock::now();
  EXPECT_TRUE(fresh.is_closed_within(kPatience));
  EXPECT_TRUE(used.is_closed_within(kPatience));
  EXPECT_GE(Clock::now() - begin, Milliseconds(800));
}

TEST_F(Limits, HoldThousandsOfIdleConnectionsCheaply) {
  constexpr std::size_t kConnections = 2000;
  const Server server(folder_, {.http = {{"idle_timeout", "4s"}, {"access_log", "false"}}});
  EXPECT_THAT(server.ask(post_request(event_json(1, "warm"))), IsCreated());
  const ProcessUsage before = server.usage();
  std::vector<HttpConnection> idle;
  for (std::size_t i = 0; i < kConnections; ++i) idle.emplace_back(server.port());
  ASSERT_TRUE(eventually([&] { return server.usage().open_sockets >= kConnections; }));

  const auto begin = Clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_THAT(server.ask(post_request(event_json(1, "busy"))), IsCreated());
  EXPECT_LT(Clock::now() - begin, Milliseconds(2000) * kSlowness);
  const ProcessUsage during = server.usage();
  EXPECT_LE(during.open_files, before.open_files + 2 * kConnections + 100);
#ifndef EVH_SANITIZED
  constexpr std::uint64_t kBytesEach = 32 * 1024;
  EXPECT_LE(during.resident_bytes, before.resident_bytes + kConnections * kBytesEach);
#endif

  for (HttpConnection& connection : idle) ASSERT_TRUE(connection.is_closed_within(kPatience));
  EXPECT_TRUE(eventually([&] { return server.usage().open_files <= before.open_files + 10; }))
      << server.usage().open_files;
}

TEST_F(Limits, OfConnectionsLeaveThoseThatAreOpenAlone) {
  constexpr int kMost = 20;
  const Server server(folder_, {.http = {{"max_connections", std::to_string(kMost)}}});
  std::vector<HttpConnection> open;
  for (int i = 0; i < kMost; ++i) {
    open.emplace_back(server.port());
    ASSERT_THAT(open.back().ask(post_request(event_json(1, "in"))), IsCreated());
  }
  // One more may wait, be told 503 or be closed; what it must not is hurt the others.
  std::string outcome = "waits";
  HttpConnection more(server.port(), {.patience = Milliseconds(500)});
  try {
    outcome = std::to_string(more.ask(get_request("/healthz")).status);
  } catch (const ConnectionError& error) {
    if (error.kind() != ConnectionError::Kind::kTimeout) outcome = "closed";
    EXPECT_NE(error.kind(), ConnectionError::Kind::kMalformed) << error.what();
  }
  EXPECT_THAT(outcome, testing::AnyOf("waits", "503", "closed"));
  for (HttpConnection& connection : open) {
    EXPECT_THAT(connection.ask(post_request(event_json(1, "still in"))), IsCreated());
  }

  more.close();
  open.erase(open.begin() + kMost / 2, open.end());
  const auto there_is_room = [&server] {
    try {
      return server.ask(get_request("/healthz")).status == 200;
    } catch (const ConnectionError&) {
      return false;
    }
  };
  EXPECT_TRUE(eventually(there_is_room));
}

}  // namespace
}  // namespace evh::system_test
