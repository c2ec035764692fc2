// Random appends and scans, compared with a model. Needs GoogleTest.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

// EVH_SEED in the environment repeats a history.
class StoreHistoryTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void random_histories_agree_with_a_model() {
    const char* given = std::getenv("EVH_SEED");
    const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
    SCOPED_TRACE("to repeat it: EVH_SEED=" + std::to_string(seed));
    random_.seed(seed);
    for (int round = 0; round < 40; ++round) {
      append_some();
      if (one_in(15)) restart();
      for (int scans = 0; scans < 4; ++scans) ASSERT_NO_FATAL_FAILURE(expect_scan(random_query(), all_));
    }
    expect_scan({}, all_);
  }

 private:
  std::int64_t number(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
  }
  bool one_in(std::int64_t count) { return number(1, count) == 1; }

  // Few, so that there are ties; now and then one far away.
  evh_time random_time() {
    if (one_in(20)) return kTime + number(-1'000'000, 1'000'000) * 1'000'000;
    return kTime + number(0, 12);
  }

  std::string random_action() { return std::string(static_cast<std::size_t>(number(1, 3)), one_in(2) ? 'a' : 'b'); }

  void append_some() {
    std::vector<AppendCall*> calls;
    for (std::int64_t appends = number(1, 4); appends > 0; --appends) {
      std::vector<NewEvent> events;
      for (std::int64_t count = number(1, one_in(8) ? 200 : 6); count > 0; --count) {
        events.push_back(
            {number(1, 4), random_action(), R"({"n":)" + std::to_string(number(0, 1'000'000)) + "}", random_time()});
      }
      calls.push_back(&begin(std::move(events)));
    }
    for (const AppendCall* call : calls) {
      const std::vector<StoredEvent> stored = stored_by(*call);
      all_.insert(all_.end(), stored.begin(), stored.end());
    }
  }

  ScanQuery random_query() {
    ScanQuery query;
    query.descending = one_in(2);
    if (one_in(3)) query.user_id = number(1, 5);
    if (one_in(3)) query.action = random_action();
    if (one_in(2)) query.from = random_time();
    if (one_in(2)) query.to = random_time();
    if (one_in(3)) query.limit = static_cast<std::uint64_t>(number(1, 50));
    if (one_in(3)) {
      const StoredEvent& event = all_[static_cast<std::size_t>(number(0, static_cast<std::int64_t>(all_.size()) - 1))];
      query.after = ScanQuery::Cursor{event.created_at + (one_in(3) ? number(-1, 1) : 0), event.id};
    }
    return query;
  }

  void restart() {
    store().drain();
    store().stop();
    store().restart();
  }

  std::mt19937_64 random_;
  std::vector<StoredEvent> all_;
};

}  // namespace evh::testkit
