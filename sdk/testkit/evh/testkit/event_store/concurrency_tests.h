// Appends and scans from many threads at once. Needs GoogleTest.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreConcurrencyTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void many_threads_append_at_once() {
    std::vector<StoredEvent> all;
    std::mutex mutex;
    run_threads(8, [&](std::int64_t thread) {
      for (std::int64_t round = 0; round < 40; ++round) {
        const auto count = static_cast<std::size_t>(1 + (thread + round) % 5);
        const std::vector<StoredEvent> stored =
            store_events(std::vector<NewEvent>(count, {1 + thread, "act", "{}", kTime + round % 3}));
        const std::lock_guard lock(mutex);
        all.insert(all.end(), stored.begin(), stored.end());
      }
    });
    expect_scan({}, all);  // nothing lost, nothing twice, every id its event's
  }

  // Without waiting for one to be done before the next.
  void many_threads_append_without_waiting() {
    std::vector<AppendCall*> calls;
    std::mutex mutex;
    run_threads(4, [&](std::int64_t thread) {
      for (std::int64_t round = 0; round < 250; ++round) {
        AppendCall& call = begin({{1 + thread, "act", "{}", kTime + round}});
        const std::lock_guard lock(mutex);
        calls.push_back(&call);
      }
    });
    std::vector<StoredEvent> all;
    for (const AppendCall* call : calls) all.push_back(stored_by(*call).front());
    expect_scan({}, all);
  }

  void scans_beside_appends_see_all_that_was_durable() {
    std::set<std::int64_t> durable;
    std::mutex mutex;
    std::atomic<int> writers = 2;
    const auto write = [&](std::int64_t thread) {
      for (std::int64_t round = 0; round < 60; ++round) {
        const std::vector<StoredEvent> stored =
            store_events({{1 + thread, "act", "{}", kTime - round}, {1 + thread, "act", "{}", kTime + round}});
        const std::lock_guard lock(mutex);
        for (const StoredEvent& event : stored) durable.insert(event.id);
      }
      --writers;
    };
    const auto read = [&](bool descending) {
      do {
        std::set<std::int64_t> must_see;
        {
          const std::lock_guard lock(mutex);
          must_see = durable;
        }
        const ScanQuery query{.descending = descending};
        const std::vector<StoredEvent> found = scan_events(query);
        EXPECT_EQ(query.select_from(found), found) << "not in order";
        std::set<std::int64_t> seen;
        for (const StoredEvent& event : found) EXPECT_TRUE(seen.insert(event.id).second) << event << " came twice";
        EXPECT_TRUE(std::ranges::includes(seen, must_see)) << "an event that was durable before was not seen";
      } while (writers > 0 && !testing::Test::HasFailure());
    };
    run_threads(4, [&](std::int64_t thread) {
      if (thread < 2) {
        write(thread);
      } else {
        read(thread == 3);
      }
    });
    EXPECT_EQ(scan_events().size(), durable.size());
  }

 private:
  template <class Body>
  static void run_threads(std::int64_t count, const Body& body) {
    std::vector<std::jthread> threads;
    for (std::int64_t thread = 0; thread < count; ++thread) {
      threads.emplace_back([&body, thread] {
        try {
          body(thread);
        } catch (const std::exception& failure) {
          ADD_FAILURE() << failure.what();
        }
      });
    }
  }
};

}  // namespace evh::testkit
