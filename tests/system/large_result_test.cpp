// A large GET at the pace of its reader: memory, the processor and the other clients do not notice.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/stored_events.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

using nlohmann::json;

#ifdef EVH_SANITIZED
constexpr std::int64_t kEvents = 100'000;
#else
constexpr std::int64_t kEvents = 1'000'000;
#endif
constexpr std::int64_t kNewYear = 1'735'689'600'000'000;
constexpr const char* kTarget = "/api/events?from=2025-01-01&to=2025-01-02";

// Counts the events of an answer and checks that their ids go up by one, without keeping the values.
class EventCounter : public json::json_sax_t {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return false; }
  bool number_unsigned(number_unsigned_t value) override {
    if (key_ == "id" && depth_ == 2) in_order_ &= static_cast<std::int64_t>(value) == ++count_;
    return true;
  }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool key(string_t& name) override {
    key_ = name;
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    std::cerr << "byte " << position << ": " << error.what() << '\n';
    return false;
  }

  std::int64_t count() const noexcept { return count_; }
  bool in_order() const noexcept { return in_order_; }

 private:
  bool open() {
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  std::string key_;
  int depth_ = 0;
  std::int64_t count_ = 0;
  bool in_order_ = true;
};

class LargeResult : public SystemTest {
 protected:
  // Rows go in while no server is running.
  void fill(std::int64_t count) {
    { const Server creates_the_tables(folder_); }
    StoredEvents(folder_).fill(count, kNewYear);
  }

  static HttpConnection slow_reader(const Server& server) {
    HttpConnection reader(server.port(), {.receive_buffer_bytes = 16 * 1024});
    reader.send(get_request(kTarget));
    return reader;
  }

  // Returns when the server has nothing more to do: a reader has stalled it.
  static bool becomes_quiet(const Server& server) {
    static constexpr Milliseconds kLook{200};
    return eventually([&server] {
      const auto before = server.usage().cpu_time;
      std::this_thread::sleep_for(kLook);
      return server.usage().cpu_time == before;
    });
  }
};

// Of `count` requests one after the other, in order.
std::vector<Milliseconds> post_times(const Server& server, int count) {
  HttpConnection connection(server.port());
  std::vector<Milliseconds> times;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    EXPECT_THAT(connection.ask(post_request(event_json(2, "meanwhile"))), IsCreated());
    times.push_back(std::chrono::ceil<Milliseconds>(Clock::now() - begin));
  }
  std::sort(times.begin(), times.end());
  return times;
}

TEST_F(LargeResult, IsStreamedAtThePaceOfItsReader) {
  fill(kEvents);
  const Server server(folder_, {.http = {{"write_timeout", "60s"}, {"access_log", "false"}}});
  HttpConnection reader = slow_reader(server);
  const HttpResponse head = reader.read_head();
  ASSERT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Transfer-Encoding"), "chunked");
  std::string body;

  // The reader sleeps: so does the server.
  ASSERT_TRUE(becomes_quiet(server));
  const auto cpu_before = server.usage().cpu_time;
  std::this_thread::sleep_for(std::chrono::seconds(2));  // the pause is what is measured
  EXPECT_LE((server.usage().cpu_time - cpu_before).count(), 60) << "ms of CPU time in 2 s without work";

  // The others are served meanwhile.
  const std::vector<Milliseconds> times = post_times(server, 300 / kSlowness);
  EXPECT_LT(times[times.size() * 99 / 100], Milliseconds(250) * kSlowness) << "p99 of POST";

  // It wakes up, reads slowly for a while, and then as fast as it can.
  for (int i = 0; i < 50; ++i) {
    const auto part = reader.read_body_part();
    ASSERT_TRUE(part);
    body += *part;
    std::this_thread::sleep_for(Milliseconds(10));  // the reader is slow
  }
  while (const auto part = reader.read_body_part()) body += *part;
  EventCounter counter;
  EXPECT_TRUE(json::sax_parse(body, &counter));
  EXPECT_EQ(counter.count(), kEvents);
  EXPECT_TRUE(counter.in_order());
#ifndef EVH_SANITIZED
  EXPECT_LT(server.usage().peak_resident_bytes, 100U << 20);
#endif
  std::cout << (body.size() >> 20) << " MiB, at most " << (server.usage().peak_resident_bytes >> 20)
            << " MiB resident, p99 of POST meanwhile " << times[times.size() * 99 / 100].count() << " ms\n";
  EXPECT_EQ(reader.ask(get_request("/healthz")).status, 200) << "the connection can be used again";
}

TEST_F(LargeResult, DoesNotHoldUpOtherClientsWhenNobodyReadsIt) {
  fill(200'000 / kSlowness);
  constexpr std::size_t kReaders = 16;
  const Server server(folder_, {.http = {{"write_timeout", "2s"}}});
  const std::size_t sockets_before = server.usage().open_sockets;
  const auto begin = Clock::now();
  std::vector<HttpConnection> readers;
  for (std::size_t i = 0; i < kReaders; ++i) readers.push_back(slow_reader(server));
  for (HttpConnection& reader : readers) ASSERT_TRUE(reader.is_readable_within(kPatience));

  const std::vector<Milliseconds> times = post_times(server, 100 / kSlowness);
  EXPECT_LT(times[times.size() * 99 / 100], Milliseconds(250) * kSlowness) << "p99 of POST";
  EXPECT_EQ(server.ask(get_request(std::string(kTarget) + "&limit=1")).status, 200);

  // Whoever takes nothing for WRITE_TIMEOUT_SECONDS is cut off, and not before.
  const auto cut_off = [&] { return server.usage().open_sockets <= sockets_before; };
  EXPECT_TRUE(eventually(cut_off, Milliseconds(5000) * kSlowness)) << server.usage().open_sockets;
  EXPECT_GE(Clock::now() - begin, std::chrono::seconds(2));
  for (HttpConnection& reader : readers) {
    try {
      const HttpResponse response = reader.read_response();
      ADD_FAILURE() << "a whole answer of " << response.body.size() << " bytes";
    } catch (const ConnectionError& error) {
      EXPECT_THAT(error.kind(), testing::AnyOf(ConnectionError::Kind::kClosed, ConnectionError::Kind::kReset))
          << error.what();
    }
  }
}

TEST_F(LargeResult, IsCutOffForThoseWhoLeave) {
  fill(200'000 / kSlowness);
  const Server server(folder_, {.http = {{"write_timeout", "60s"}}});
  const std::size_t sockets_before = server.usage().open_sockets;
  for (int i = 0; i < 40; ++i) {
    HttpConnection reader = slow_reader(server);
    ASSERT_TRUE(reader.is_readable_within(kPatience));
    if (i % 2 == 0) reader.reset();
  }
  const auto all_closed = [&] { return server.usage().open_sockets <= sockets_before; };
  EXPECT_TRUE(eventually(all_closed)) << server.usage().open_sockets;
  EXPECT_EQ(server.ask(get_request(std::string(kTarget) + "&limit=1")).status, 200);
}

TEST_F(LargeResult, IsCappedPerClient) {
  fill(200'000 / kSlowness);
  constexpr std::size_t kMost = 4;
  const Server server(folder_, {.http = {{"write_timeout", "60s"}, {"max_streams_per_client", std::to_string(kMost)}}});
  std::vector<HttpConnection> readers;
  for (std::size_t i = 0; i < kMost; ++i) {
    readers.push_back(slow_reader(server));
    ASSERT_EQ(readers.back().read_head().status, 200);
  }
  const HttpResponse refused = server.ask(get_request(kTarget));
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.header("Retry-After"), "");
  EXPECT_TRUE(json::parse(refused.body).contains("error"));
  EXPECT_THAT(server.ask(post_request(event_json(2, "meanwhile"))), IsCreated());
  readers.clear();
  EXPECT_TRUE(eventually([&] { return server.ask(get_request(std::string(kTarget) + "&limit=1")).status == 200; }));
}

TEST_F(LargeResult, EndsWithoutItsClosingBracketWhenTheStoreFailsMidway) {
  fill(50'000 / kSlowness);
  StoredEvents(folder_).damage_the_middle();
  const Server server(folder_);
  HttpConnection reader(server.port());
  reader.send(get_request(kTarget));
  ASSERT_EQ(reader.read_head().status, 200);
  std::string body;
  try {
    while (const auto part = reader.read_body_part()) body += *part;
    ADD_FAILURE() << "the answer came to an end: ..."
                  << body.substr(body.size() - std::min<std::size_t>(body.size(), 200));
  } catch (const ConnectionError& error) {
    EXPECT_EQ(error.kind(), ConnectionError::Kind::kClosed) << error.what();
  }
  EXPECT_TRUE(body.starts_with(R"([{"id":1,)")) << body.substr(0, 100);
  EXPECT_FALSE(body.ends_with(']'));
  // Nothing else has suffered.
  EXPECT_EQ(server.ask(get_request("/healthz")).status, 200);
  EXPECT_EQ(json::parse(server.ask(get_request(std::string(kTarget) + "&limit=10")).body).size(), 10U);
}

}  // namespace
}  // namespace evh::system_test
