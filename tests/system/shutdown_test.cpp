// The end of the process under load: what was confirmed is stored, what was stored is confirmed.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/stored_events.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

constexpr int kConnections = 64;

// One event after the other over 64 connections, until the server is gone.
class Load {
 public:
  Load(std::uint16_t port, std::string name) : port_(port), name_(std::move(name)) {
    for (int i = 0; i < kConnections; ++i) threads_.emplace_back([this, i] { post(i); });
  }

  void wait() { threads_.clear(); }

  std::size_t confirmed_so_far() const { return count_; }

  // After wait.
  const std::set<std::string>& confirmed() const { return confirmed_; }
  const std::set<std::string>& refused() const { return refused_; }
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  void post(int number) {
    std::optional<HttpConnection> connection;
    for (int i = 0;; ++i) {
      const std::string mark = name_ + "-" + std::to_string(number) + "-" + std::to_string(i);
      try {
        if (!connection) connection.emplace(port_);
        note(mark, connection->ask(post_request(event_json(number + 1, mark))));
      } catch (const ConnectionError& error) {
        const bool came_to_nothing = !error.answer_began() && error.kind() != ConnectionError::Kind::kTimeout;
        const std::lock_guard lock(mutex_);
        if (!came_to_nothing) broken_.push_back(mark + ": " + error.what());
        return;
      }
    }
  }

  void note(const std::string& mark, const HttpResponse& response) {
    const std::lock_guard lock(mutex_);
    if (response.status == 201) {
      confirmed_.insert(mark);
      ++count_;
    } else if (response.status == 503) {
      refused_.insert(mark);
    } else {
      broken_.push_back(mark + ": " + testing::PrintToString(response));
    }
  }

  std::uint16_t port_;
  std::string name_;
  std::atomic<std::size_t> count_ = 0;
  std::mutex mutex_;
  std::set<std::string> confirmed_, refused_;
  std::vector<std::string> broken_;
  std::vector<std::jthread> threads_;
};

std::set<std::string> difference(const std::set<std::string>& from, const std::set<std::string>& what) {
  std::set<std::string> left;
  std::set_difference(from.begin(), from.end(), what.begin(), what.end(), std::inserter(left, left.end()));
  return left;
}

class Shutdown : public SystemTest {
 protected:
  std::set<std::string> stored() const {
    const std::vector<std::string> actions = StoredEvents(folder_).actions();
    std::set<std::string> distinct(actions.begin(), actions.end());
    EXPECT_EQ(distinct.size(), actions.size()) << "an event is stored twice";
    return distinct;
  }
};

const Configuration kQuiet{.http = {{"access_log", "false"}}};

TEST_F(Shutdown, AnswersEveryRequestThatItHasTaken) {
  Server server(folder_, kQuiet);
  Load load(server.port(), "term");
  ASSERT_TRUE(eventually([&] { return load.confirmed_so_far() > 500 / kSlowness; }));
  const auto begin = Clock::now();
  server.signal(SIGTERM);
  const std::optional<int> exit = server.wait_for_exit(Milliseconds(10'000));
  const auto took = std::chrono::ceil<Milliseconds>(Clock::now() - begin);
  load.wait();

  EXPECT_EQ(exit, 0);
  EXPECT_LT(took, Milliseconds(10'000));
  EXPECT_THAT(load.broken(), testing::IsEmpty());
  const std::set<std::string> stored_events = stored();
  EXPECT_THAT(difference(load.confirmed(), stored_events), testing::IsEmpty()) << "confirmed, but not stored";
  // Every client was still there to read its answer.
  EXPECT_THAT(difference(stored_events, load.confirmed()), testing::IsEmpty()) << "stored, but not confirmed";
  std::cout << load.confirmed().size() << " confirmed, " << load.refused().size() << " refused, the end took "
            << took.count() << " ms\n";
}

TEST_F(Shutdown, TakesNoMoreThanItsBudgetWithClientsThatDoNotRead) {
  Server server(folder_, {.host = {{"shutdown_timeout", "3s"}}, .http = {{"write_timeout", "60s"}}});
  StoredEvents(folder_).fill(200'000 / kSlowness, 1'735'689'600'000'000);
  HttpConnection stuck(server.port(), {.receive_buffer_bytes = 4096});
  stuck.send(get_request("/api/events?from=2025-01-01&to=2025-01-02"));
  ASSERT_TRUE(stuck.is_readable_within(kPatience));
  HttpConnection half(server.port());
  half.send("POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  const auto begin = Clock::now();
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait_for_exit(kPatience), 0);
  EXPECT_LT(Clock::now() - begin, Milliseconds(3000 + 1500 * kSlowness));
}

TEST_F(Shutdown, LetsAStreamThatIsReadComeToItsEnd) {
  constexpr std::int64_t kEvents = 50'000 / kSlowness;
  Server server(folder_);
  StoredEvents(folder_).fill(kEvents, 1'735'689'600'000'000);
  HttpConnection reader(server.port(), {.receive_buffer_bytes = 4096});
  reader.send(get_request("/api/events?from=2025-01-01&to=2025-01-02"));
  ASSERT_TRUE(reader.is_readable_within(kPatience));
  server.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return !server.log("shutdown begins").empty(); }));
  const HttpResponse response = reader.read_response();
  EXPECT_EQ(nlohmann::json::parse(response.body).size(), static_cast<std::size_t>(kEvents));
  EXPECT_EQ(server.wait_for_exit(kPatience), 0);
}

TEST_F(Shutdown, EndsAtOnceWithASecondSignal) {
  Server server(folder_, {.host = {{"shutdown_delay", "60s"}, {"shutdown_timeout", "60s"}}});
  server.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return !server.log("shutdown begins").empty(); }));
  EXPECT_FALSE(server.wait_for_exit(Milliseconds(300)));
  server.signal(SIGTERM);
  const std::optional<int> exit = server.wait_for_exit(Milliseconds(1000) * kSlowness);
  ASSERT_TRUE(exit);
  EXPECT_NE(*exit, 0);
}

TEST_F(Shutdown, WorksWithSigintToo) {
  Server server(folder_);
  server.signal(SIGINT);
  EXPECT_EQ(server.wait_for_exit(kPatience), 0);
  EXPECT_EQ(server.log("stopped").size(), 1U);
}

TEST_F(Shutdown, LosesNothingConfirmedWhenKilled) {
  constexpr int kRounds = 5;
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::set<std::string> confirmed;
  for (int round = 0; round < kRounds; ++round) {
    Server server(folder_, kQuiet);
    Load load(server.port(), "kill-" + std::to_string(round));
    const std::size_t enough = 100 + random() % 4000 / kSlowness;
    ASSERT_TRUE(eventually([&] { return load.confirmed_so_far() >= enough; }));
    server.signal(SIGKILL);
    EXPECT_EQ(server.wait_for_exit(kPatience), -SIGKILL);
    load.wait();
    confirmed.insert(load.confirmed().begin(), load.confirmed().end());
    EXPECT_THAT(load.broken(), testing::IsEmpty());
    EXPECT_THAT(difference(confirmed, stored()), testing::IsEmpty()) << "confirmed, but not stored; round " << round;
  }
  EXPECT_GT(confirmed.size(), std::size_t{100 * kRounds});
  std::cout << confirmed.size() << " confirmed in " << kRounds << " rounds, seed " << seed << '\n';
}

}  // namespace
}  // namespace evh::system_test
