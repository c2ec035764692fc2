// Clients that leave at the wrong moment, and the answers that others must not get instead.
#include <nlohmann/json.hpp>
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

using nlohmann::json;

class VanishingClients : public SystemTest {};

const Configuration kQuiet{.http = {{"access_log", "false"}}};

TEST_F(VanishingClients, LeaveNoAnswerBehindForTheNext) {
  constexpr int kRounds = 600 / kSlowness;
  const Server server(folder_, kQuiet);
  for (int i = 0; i < kRounds; ++i) {
    const std::string mark = "mark-" + std::to_string(i);
    HttpConnection vanishing(server.port());
    vanishing.send(post_request(event_json(1, mark)));
    vanishing.reset();  // most likely with the append in flight
    // The server may give the new connection the number of the old one.
    HttpConnection next(server.port());
    ASSERT_THAT(
        next.ask(get_request("/api/events?from=" + mark)),
        IsError(400, "invalid time format", "invalid from parameter: unrecognized time format: \"" + mark + "\""));
    ASSERT_FALSE(next.is_readable_within(Milliseconds(0))) << "an answer that nobody asked for";
  }
  EXPECT_THAT(server.ask(post_request(event_json(1, "last"))), IsCreated());
  // What was stored for those that left is whole, and stored once.
  const std::vector<std::string> actions = StoredEvents(folder_).actions();
  EXPECT_EQ(std::set<std::string>(actions.begin(), actions.end()).size(), actions.size());
}

TEST_F(VanishingClients, FreeWhatTheyHeld) {
  constexpr std::size_t kClients = 400;
  const Server server(folder_, kQuiet);
  ASSERT_THAT(server.ask(post_request(event_json(1, "a"))), IsCreated());
  const std::size_t before = server.usage().open_files;
  for (std::size_t i = 0; i < kClients; ++i) {
    HttpConnection client(server.port());
    const std::string request = post_request(event_json(1, "b"));
    client.send(i % 4 == 0 ? request.substr(0, i % request.size()) : request);
    if (i % 2 == 0) {
      client.reset();
    } else {
      client.close();
    }
  }
  EXPECT_TRUE(eventually([&] { return server.usage().open_files <= before + 5; }))
      << server.usage().open_files << " open files, " << before << " before";
}

// A client of one connection after the other, each request of which can be told from its answer.
class Marked {
 public:
  Marked(std::uint16_t port, int number, unsigned seed) : port_(port), number_(number), random_(seed) {}

  void run_until(Clock::time_point end) {
    while (Clock::now() < end && wrong_.empty()) {
      try {
        use_a_connection(end);
      } catch (const std::exception& error) {
        wrong_ = "client " + std::to_string(number_) + ": " + error.what();
      }
    }
  }

  const std::string& wrong() const noexcept { return wrong_; }
  int answers() const noexcept { return answers_; }
  int vanished() const noexcept { return vanished_; }

 private:
  struct Exchange {
    std::string request;
    int status;
    std::string body;
  };

  void use_a_connection(Clock::time_point end) {
    HttpConnection connection(port_);
    while (Clock::now() < end) {
      const Exchange exchange = next_exchange();
      if (one_in(8)) return vanish(std::move(connection), exchange.request);
      check(connection.ask(exchange.request), exchange);
      if (one_in(20)) return;
    }
  }

  void vanish(HttpConnection connection, const std::string& request) {
    ++vanished_;
    connection.send(one_in(3) ? request.substr(0, request.size() / 2) : request);
    if (one_in(2)) connection.reset();
  }

  void check(const HttpResponse& response, const Exchange& exchange) {
    ++answers_;
    if (response.status == exchange.status && response.body == exchange.body) return;
    wrong_ = "asked\n" + exchange.request + "\nand got" + testing::PrintToString(response) + "\ninstead of " +
             std::to_string(exchange.status) + " " + exchange.body;
  }

  // The mark is in every answer that has a body.
  Exchange next_exchange() {
    const std::string mark = std::to_string(number_) + "-" + std::to_string(++requests_);
    switch (random_() % 4) {
      case 0:
        return {
            get_request("/api/events?from=" + mark), 400,
            error_json("invalid time format", "invalid from parameter: unrecognized time format: \"" + mark + "\"")};
      case 1: {
        const std::string number = std::to_string(number_) + "." + std::to_string(requests_);
        return {post_request(R"({"action":"a","user_id":)" + number + "}"), 400,
                error_json("invalid request", "user_id must be an integer, got number " + number)};
      }
      case 2:
        return {get_request("/api/events?from=2025-01-01&to=2025-01-02&user_id=" + std::to_string(number_)), 200,
                R"([{"id":)" + std::to_string(number_) + R"(,"user_id":)" + std::to_string(number_) +
                    R"(,"action":"own","metadata":{},"created_at":"2025-01-01T00:00:00Z"}])"};
      default:
        return {post_request(event_json(1'000'000 + number_, mark)), 201, ""};
    }
  }

  bool one_in(unsigned n) { return random_() % n == 0; }

  std::uint16_t port_;
  int number_;
  std::mt19937 random_;
  int requests_ = 0;
  int answers_ = 0;
  int vanished_ = 0;
  std::string wrong_;
};

TEST_F(VanishingClients, NeverGetAnotherOnesAnswer) {
  constexpr int kClients = 24;
  constexpr std::int64_t kNewYear = 1'735'689'600'000'000;
  const unsigned seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  const Server server(folder_, kQuiet);
  StoredEvents stored(folder_);
  std::vector<Marked> clients;
  for (int number = 1; number <= kClients; ++number) {
    stored.insert(number, "own", "{}", kNewYear);
    clients.emplace_back(server.port(), number, seed + static_cast<unsigned>(number));
  }
  {
    const auto end = Clock::now() + std::chrono::seconds(6);
    std::vector<std::jthread> threads;
    for (Marked& client : clients) threads.emplace_back([&client, end] { client.run_until(end); });
  }
  int answers = 0;
  int vanished = 0;
  for (const Marked& client : clients) {
    EXPECT_EQ(client.wrong(), "");
    answers += client.answers();
    vanished += client.vanished();
  }
  EXPECT_GT(answers, 2000 / kSlowness);
  EXPECT_GT(vanished, 200 / kSlowness);
  std::cout << answers << " answers, " << vanished << " vanished clients, seed " << seed << '\n';
}

}  // namespace
}  // namespace evh::system_test
