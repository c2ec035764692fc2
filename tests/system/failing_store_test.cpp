// The store fails, as the clients and the operator see it.
#include <signal.h>
#include <sys/resource.h>

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

class FailingStore : public SystemTest {
 protected:
  static std::size_t seen_by(const Server& server) {
    return json::parse(server.ask(get_request(kAllEvents)).body).size();
  }
};

MATCHER(IsStoreUnavailable, "is 503 store unavailable with Retry-After") {
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == 503 && arg.body.starts_with(R"({"error":"store unavailable")") &&
         arg.header("Content-Type") == "application/json" && !arg.header("Retry-After").empty();
}

MATCHER(IsInsertFailure, "is 500 failed to insert event") {
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == 500 && arg.body.starts_with(R"({"error":"failed to insert event")") &&
         arg.header("Content-Type") == "application/json";
}

TEST_F(FailingStore, IsUnavailableWhenItKeepsAPostWaitingTooLong) {
  const Server server(folder_, {.http = {{"store_timeout", "1s"}}});
  ASSERT_THAT(server.ask(post_request(event_json(1, "before"))), IsCreated());
  StoredEvents stored(folder_);
  {
    const auto blocked = stored.block_writers();
    const auto begin = Clock::now();
    std::vector<HttpConnection> clients;
    for (int i = 0; i < 10; ++i) {
      clients.emplace_back(server.port());
      clients.back().send(post_request(event_json(1, "blocked")));
    }
    for (HttpConnection& client : clients) EXPECT_THAT(client.read_response(), IsStoreUnavailable());
    EXPECT_GE(Clock::now() - begin, Milliseconds(900));
    EXPECT_LT(Clock::now() - begin, Milliseconds(4000) * kSlowness);
    EXPECT_EQ(seen_by(server), 1U) << "reading goes on";
    EXPECT_EQ(server.ask(get_request("/healthz")).status, 200);
  }
  EXPECT_TRUE(eventually([&] { return server.ask(post_request(event_json(1, "after"))).status == 201; }));
  // Those that were told to try again left nothing behind.
  for (const std::string& action : stored.actions()) EXPECT_NE(action, "blocked");
}

TEST_F(FailingStore, RefusesMoreThanItsQueueHolds) {
  constexpr int kQueue = 5;
  const Server server(folder_,
                      {.http = {{"store_timeout", "3s"}}, .store = {{"queue_events", std::to_string(kQueue)}}});
  StoredEvents stored(folder_);
  const auto blocked = stored.block_writers();
  std::vector<HttpConnection> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back(server.port());
    clients.back().send(post_request(event_json(1, "queued")));
  }
  // Those past the queue are told at once, long before the wait of the others is over.
  std::size_t refused = 0;
  EXPECT_TRUE(eventually(
      [&] {
        refused = 0;
        for (HttpConnection& client : clients) refused += client.is_readable_within(Milliseconds(0)) ? 1 : 0;
        return refused >= clients.size() - 3 * kQueue;
      },
      Milliseconds(2000)))
      << refused;
  for (HttpConnection& client : clients) EXPECT_THAT(client.read_response(), IsStoreUnavailable());
}

// No file may grow past a limit, as on a full disk. The log goes to a pipe and is not affected. A post that fails is
// not the end of it: the store copies its write-ahead log into the database, and the log may have room for a few more.
// Only when neither file can grow does every large post fail.
TEST_F(FailingStore, IsNotReadyWhileTheDiskIsFullAndRecovers) {
  constexpr std::uint64_t kMostBytes = 512 * 1024;
  constexpr int kFailuresOfAFullDisk = 10;
  const Server server(folder_, {.file_size_limit = kMostBytes});
  ASSERT_EQ(server.ask(get_request("/readyz")).status, 200);
  const std::string large =
      R"({"user_id":1,"action":"large","metadata":{"x":")" + std::string(32 * 1024, 'x') + R"("}})";
  std::size_t created = 0;
  HttpConnection connection(server.port());
  for (int failures = 0; failures < kFailuresOfAFullDisk && created < 200;) {
    const HttpResponse response = connection.ask(post_request(large));
    if (response.status == 201) {
      ++created;
      failures = 0;
      continue;
    }
    ++failures;
    ASSERT_THAT(response, testing::AnyOf(IsStoreUnavailable(), IsInsertFailure()));
    ASSERT_EQ(seen_by(server), created) << "what was confirmed is there, and nothing else";
  }
  EXPECT_GT(created, 0U);
  EXPECT_LT(created, 200U) << "the disk was never full";
  EXPECT_EQ(server.ask(get_request("/healthz")).status, 200);

  // The store tries every second whether it works again; it is not to be taken in by room for a page or two.
  HttpResponse ready;
  EXPECT_FALSE(eventually(
      [&] {
        ready = server.ask(get_request("/readyz"));
        return ready.status != 503;
      },
      Milliseconds(2500)))
      << testing::PrintToString(ready);
  EXPECT_THAT(ready.body, testing::HasSubstr("store"));

  const rlimit no_limit{RLIM_INFINITY, RLIM_INFINITY};
  ASSERT_EQ(::prlimit(server.pid(), RLIMIT_FSIZE, &no_limit, nullptr), 0);
  EXPECT_TRUE(eventually([&] { return server.ask(get_request("/readyz")).status == 200; })) << "and by itself";
  EXPECT_THAT(server.ask(post_request(large)), IsCreated());
  EXPECT_EQ(seen_by(server), created + 1);
}

// Each limit cuts the log off at another place of a frame, of a page and of a transaction. What is in the file after
// the end is compared with what was confirmed.
TEST_F(FailingStore, HasEveryConfirmedEventAndNoOtherAfterTheDiskWasFull) {
  for (const std::uint64_t most_bytes : {300'001U, 333'333U, 400'000U, 462'849U}) {
    const testkit::TempFolder folder;
    std::vector<std::string> confirmed;
    {
      const Server server(folder, {.file_size_limit = most_bytes});
      HttpConnection connection(server.port());
      for (int failures = 0, i = 0; failures < 3; ++i) {
        const std::string action = "post-" + std::to_string(i);
        const HttpResponse response = connection.ask(post_request(
            R"({"user_id":1,"action":")" + action + R"(","metadata":{"x":")" + std::string(20'000, 'x') + R"("}})"));
        if (response.status == 201) {
          confirmed.push_back(action);
        } else {
          ++failures;
        }
      }
    }
    EXPECT_EQ(StoredEvents(folder).actions(), confirmed) << "with at most " << most_bytes << " bytes in a file";
  }
}

TEST_F(FailingStore, StopsInTimeWhenItIsBlocked) {
  Server server(folder_, {.host = {{"shutdown_timeout", "3s"}}, .http = {{"store_timeout", "60s"}}});
  StoredEvents stored(folder_);
  const auto blocked = stored.block_writers();
  HttpConnection client(server.port());
  client.send(post_request(event_json(1, "blocked")));
  EXPECT_FALSE(client.is_readable_within(Milliseconds(300)));
  const auto begin = Clock::now();
  server.signal(SIGTERM);
  EXPECT_TRUE(server.wait_for_exit(kPatience));
  EXPECT_LT(Clock::now() - begin, Milliseconds(3000 + 2000 * kSlowness));
}

}  // namespace
}  // namespace evh::system_test
