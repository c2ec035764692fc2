// What evh_event_store.scan promises about which events it hands over, and in which order. Needs GoogleTest.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreScanTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void an_empty_store_has_nothing() {
    const ScanEnd end = scan(table());
    EXPECT_EQ(end.code, EVH_OK) << end.message;
    EXPECT_TRUE(end.blocks.empty()) << "there is no block without an event";
  }

  void events_come_in_order_of_time_and_id() {
    const std::vector<StoredEvent> all = some_events();
    for (const bool descending : {false, true}) expect_scan({.descending = descending}, all);
  }

  void bounds_are_inclusive() {
    const std::vector<StoredEvent> all = some_events();
    for (const evh_time from : {kTime - 1, kTime, kTime + 1, kTime + 4}) {
      for (const evh_time to : {kTime, kTime + 3, kTime + 4, kTime + 5})
        expect_both_ways({.from = from, .to = to}, all);
    }
    EXPECT_FALSE(scan_events({.from = kTime, .to = kTime}).empty());
  }

  void bounds_in_the_wrong_order_hold_nothing() {
    const std::vector<StoredEvent> all = some_events();
    expect_both_ways({.from = kTime + 3, .to = kTime + 2}, all);
    expect_both_ways({.from = std::numeric_limits<evh_time>::max(), .to = std::numeric_limits<evh_time>::min()}, all);
  }

  // By default a query goes from the smallest time there is to the largest: narrower ones on both sides.
  void bounds_may_be_the_farthest_times() {
    const std::vector<StoredEvent> all = some_events();
    constexpr auto kFirst = std::numeric_limits<evh_time>::min();
    constexpr auto kLast = std::numeric_limits<evh_time>::max();
    expect_both_ways({.from = kFirst, .to = kFirst}, all);
    expect_both_ways({.from = kLast, .to = kLast}, all);
    expect_both_ways({.from = kFirst, .to = kTime + 2}, all);
    expect_both_ways({.from = kTime + 2, .to = kLast}, all);
  }

  void users_are_told_apart() {
    const std::vector<StoredEvent> all = some_events();
    for (const std::int64_t user : {1, 2, 3, 4}) {
      expect_both_ways({.user_id = user}, all);
      expect_both_ways({.user_id = user, .from = kTime + 1, .to = kTime + 3}, all);
    }
  }

  void actions_are_told_apart() {
    const std::vector<StoredEvent> all = some_events();
    for (const char* action : {"login", "logout", "LOGIN", "log", "login ", "", "log%", "'", "' OR 1=1 --"}) {
      expect_both_ways({.action = action}, all);
      expect_both_ways({.user_id = 2, .action = action, .from = kTime + 1, .to = kTime + 3}, all);
    }
  }

  void a_cursor_goes_on_behind_any_event() {
    const std::vector<StoredEvent> all = some_events();
    for (const StoredEvent& event : all) {
      const ScanQuery::Cursor after{event.created_at, event.id};
      expect_both_ways({.after = after}, all);
      expect_both_ways({.from = kTime + 1, .to = kTime + 3, .after = after}, all);
      expect_both_ways({.user_id = 1, .action = "login", .after = after, .limit = 2}, all);
    }
  }

  void a_cursor_need_not_be_an_event() {
    const std::vector<StoredEvent> all = some_events();
    constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
    for (evh_time time = kTime - 2; time < kTime + 7; ++time) {
      for (const std::int64_t id : {std::int64_t{1}, all[all.size() / 2].id, kLargest}) {
        expect_both_ways({.after = ScanQuery::Cursor{time, id}}, all);
        expect_both_ways({.from = kTime + 1, .to = kTime + 3, .after = ScanQuery::Cursor{time, id}}, all);
      }
    }
  }

  void limits_are_kept() {
    const std::vector<StoredEvent> all = some_events();
    for (const std::uint64_t limit : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{7}, all.size() - 1, all.size(),
                                      all.size() + 1, std::numeric_limits<std::uint64_t>::max()}) {
      expect_both_ways({.limit = limit}, all);
      expect_both_ways({.user_id = 3, .action = "login", .from = kTime + 1, .limit = limit}, all);
    }
  }

  // A limit larger than a block, and one that ends on the edge of one.
  void limits_hold_across_blocks() {
    const std::vector<StoredEvent> all = store_many_events();
    const ScanEnd whole = scan(table());
    ASSERT_FALSE(whole.blocks.empty());
    const std::size_t edge = whole.blocks.front();
    for (const std::size_t limit : {edge - 1, edge, edge + 1, all.size() - 1}) {
      if (limit != 0) expect_both_ways({.limit = limit}, all);
    }
  }

  void pages_by_cursor_are_the_whole() {
    const std::vector<StoredEvent> all = some_events();
    for (const bool descending : {false, true}) {
      std::vector<StoredEvent> pages;
      ScanQuery query{.descending = descending, .limit = 3};
      while (true) {
        const std::vector<StoredEvent> page = scan_events(query);
        if (page.empty()) break;
        pages.insert(pages.end(), page.begin(), page.end());
        query.after = ScanQuery::Cursor{page.back().created_at, page.back().id};
        ASSERT_LE(pages.size(), all.size());
      }
      EXPECT_EQ(pages, scan_events({.descending = descending}));
    }
  }

  void large_results_come_in_blocks() {
    const std::vector<StoredEvent> all = store_many_events();
    for (const bool descending : {false, true}) {
      const ScanEnd end = scan(table(), {.descending = descending});
      EXPECT_EQ(end.code, EVH_OK) << end.message;
      EXPECT_GT(end.blocks.size(), 1U) << "memory is bounded, so " << all.size() << " events take more than one block";
      EXPECT_THAT(end.blocks, testing::Each(testing::Gt(0U)));
    }
    expect_both_ways({}, all);
    expect_both_ways({.user_id = 3}, all);
    expect_both_ways({.user_id = 3, .action = "nothing"}, all);
  }

  // 24 MiB of texts: a block is bounded in bytes, too.
  void blocks_of_large_events_are_small() {
    constexpr std::size_t kLarge = 256U << 10U;
    const NewEvent large{1, "large", R"({"t":")" + std::string(kLarge, 'x') + R"("})", kTime};
    std::vector<AppendCall*> calls;
    for (int count = 0; count < 12; ++count) calls.push_back(&begin(std::vector<NewEvent>(8, large)));
    for (const AppendCall* call : calls) ASSERT_TRUE(end_of(*call).stored_all()) << call->end().message;
    const ScanEnd end = scan(table());
    EXPECT_EQ(end.events.size(), 96U);
    EXPECT_GT(end.blocks.size(), 1U);
  }

  // Many events of one time: the order within it, and the cursor into it, are by id alone.
  void many_events_of_one_time_come_in_order_of_id() {
    std::vector<StoredEvent> all = store_events(std::vector<NewEvent>(kManyEvents, {1, "act", "{}", kTime}));
    expect_both_ways({}, all);
    const StoredEvent& middle = all[all.size() / 2];
    expect_both_ways({.after = ScanQuery::Cursor{middle.created_at, middle.id}}, all);
  }

 private:
  // Ties in time, stored in an order that is not the order of time.
  std::vector<StoredEvent> some_events() {
    std::vector<StoredEvent> all;
    for (const std::int64_t offset : {3, 1, 4, 1, 0, 2, 2, 3, 0, 4}) {
      const std::vector<StoredEvent> stored =
          store_events({{1 + offset % 3, offset % 2 == 0 ? "login" : "logout", "{}", kTime + offset},
                        {2, "login", R"({"o":1})", kTime + offset}});
      all.insert(all.end(), stored.begin(), stored.end());
    }
    return all;
  }

  void expect_both_ways(ScanQuery query, const std::vector<StoredEvent>& all) {
    query.descending = false;
    expect_scan(query, all);
    query.descending = true;
    expect_scan(query, all);
  }
};

}  // namespace evh::testkit
