// Events outlive the store; no append is left without an end when it stops. Needs GoogleTest.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "evh/testkit/bystander_thread.h"
#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreDurabilityTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void events_survive_restarts() {
    std::vector<StoredEvent> all;
    for (int life = 0; life < 3; ++life) {
      ASSERT_NO_FATAL_FAILURE(expect_scan({}, all));
      const std::vector<StoredEvent> stored =
          store_events({{1, "first", R"({"n":1e400})", kTime + life}, {2, "second", "{}", -5 - life}});
      all.insert(all.end(), stored.begin(), stored.end());
      restart();
    }
    expect_scan({}, all);
  }

  void ids_stay_unique_over_restarts() {
    std::vector<std::int64_t> ids;
    for (int life = 0; life < 3; ++life) {
      for (const StoredEvent& event : store_events(std::vector<NewEvent>(3))) ids.push_back(event.id);
      restart();
    }
    std::ranges::sort(ids);
    EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
  }

  void an_append_after_drain_is_unavailable() {
    const std::vector<StoredEvent> all = store_events({{1, "before", "{}", kTime}});
    store().drain();
    const AppendEnd end = append({{1, "after", "{}", kTime}});
    EXPECT_EQ(end.code, EVH_UNAVAILABLE) << end.message;
    EXPECT_FALSE(end.message.empty()) << "a failure says why";
    store().stop();
    store().restart();
    expect_scan({}, all);
  }

  void drain_finishes_what_was_taken() {
    std::vector<AppendCall*> calls;
    for (int count = 0; count < 300; ++count) calls.push_back(&begin({{1, "act", "{}", kTime}}));
    store().drain();
    std::vector<StoredEvent> all;
    for (const AppendCall* call : calls) {
      EXPECT_EQ(call->times_done(), 1U) << "a drain that returns EVH_OK has finished what was taken";
      const std::vector<StoredEvent> stored = stored_by(*call);
      all.insert(all.end(), stored.begin(), stored.end());
    }
    store().stop();
    store().restart();
    expect_scan({}, all);
  }

  // A host that is in a hurry does not drain. What was answered must be true all the same.
  void stop_ends_every_append() {
    std::vector<AppendCall*> calls;
    for (std::int64_t number = 1; number <= 300; ++number) calls.push_back(&begin({{number, "act", "{}", kTime}}));
    store().stop();
    for (const AppendCall* call : calls) EXPECT_EQ(call->times_done(), 1U) << "before stop has returned";
    store().restart();
    expect_true_ends(calls);
  }

  void appends_beside_a_drain_end_truly() {
    constexpr int kThreads = 4;
    constexpr std::int64_t kEach = 100;
    std::vector<std::vector<AppendCall*>> calls(kThreads);
    {
      std::atomic<int> started{0};
      std::vector<std::jthread> clients;
      for (int client = 0; client < kThreads; ++client) {
        clients.emplace_back([&, client] {
          const BystanderThread bystander;
          ++started;
          for (std::int64_t number = 1; number <= kEach; ++number) {
            const std::int64_t user = client * kEach + number;
            calls[static_cast<std::size_t>(client)].push_back(&begin({{user, "act", "{}", kTime}}));
            (void)end_of(*calls[static_cast<std::size_t>(client)].back());
          }
        });
      }
      ASSERT_TRUE(eventually([&] { return started == kThreads; }));
      ASSERT_TRUE(eventually([&] { return !scan_events({.limit = 1}).empty(); }, kStorePatience));
      store().drain();
    }
    store().stop();
    store().restart();
    std::vector<AppendCall*> all_calls;
    for (const auto& of_one : calls) all_calls.insert(all_calls.end(), of_one.begin(), of_one.end());
    expect_true_ends(all_calls);
  }

 private:
  void restart() {
    store().drain();
    store().stop();
    store().restart();
  }

  // Each call is of one event, and of a user of its own.
  void expect_true_ends(const std::vector<AppendCall*>& calls) {
    const std::vector<StoredEvent> found = scan_events();
    for (const AppendCall* call : calls) {
      const AppendEnd end = call->end();
      const auto user = call->events().front().user_id;
      const auto times = std::ranges::count(found, user, &StoredEvent::user_id);
      if (end.code == EVH_OK) {
        EXPECT_EQ(times, 1) << "user " << user << ": stored, it said";
      } else if (end.code == EVH_UNKNOWN_OUTCOME) {
        EXPECT_LE(times, 1) << "user " << user;
      } else {
        EXPECT_EQ(end.code, EVH_UNAVAILABLE) << end.message;
        EXPECT_EQ(times, 0) << "user " << user << ": nothing was stored, it said";
      }
    }
  }
};

}  // namespace evh::testkit
