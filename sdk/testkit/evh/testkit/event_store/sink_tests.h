// What evh_event_store.scan promises to its sink and its `cancelled`. Needs GoogleTest.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreSinkTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void a_sink_that_has_enough_ends_the_scan() {
    (void)store_many_events();
    const ScanEnd end = scan(table(), {}, [](const auto&) { return true; });
    EXPECT_EQ(end.code, EVH_OK) << end.message;
    EXPECT_EQ(end.blocks.size(), 1U) << "the sink was called after it had said enough";
  }

  void the_sink_runs_on_the_callers_thread() {
    (void)store_many_events();
    const auto caller = std::this_thread::get_id();
    (void)scan(table(), {}, [&](const auto&) {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      return false;
    });
  }

  // Nothing that a writer needs is held meanwhile.
  void an_append_while_a_sink_stalls_succeeds() {
    const std::vector<StoredEvent> all = store_many_events();
    std::size_t appended = 0;
    const ScanEnd end = scan(table(), {}, [&](const auto&) {
      if (++appended <= 3) {
        EXPECT_TRUE(append({{9, "within", "{}", kTime - 1}}).stored_all());
      }
      return false;
    });
    EXPECT_EQ(end.code, EVH_OK) << end.message;
    EXPECT_EQ(end.events.size(), all.size()) << "they lie before where the scan had come to";
  }

  // Nothing that a reader needs is held meanwhile, however many sinks stall: 40 scans, one inside the other.
  void scans_while_sinks_stall_succeed() {
    const std::vector<StoredEvent> all = store_many_events();
    constexpr int kDepth = 40;
    int deepest = 0;
    const std::function<void(int)> scan_within = [&](int depth) {
      deepest = depth;
      bool is_first = true;
      const ScanEnd end = scan(table(), {.limit = depth == kDepth ? 0 : 10U}, [&](const auto&) {
        if (is_first && depth < kDepth) scan_within(depth + 1);
        is_first = false;
        return false;
      });
      EXPECT_EQ(end.code, EVH_OK) << end.message;
      EXPECT_EQ(end.events.size(), depth == kDepth ? all.size() : 10U);
    };
    scan_within(1);
    EXPECT_EQ(deepest, kDepth);
  }

  void events_behind_the_cursor_of_a_running_scan_are_seen_or_not_but_in_order() {
    const std::vector<StoredEvent> all = store_many_events();
    bool is_first = true;
    const ScanEnd end = scan(table(), {}, [&](const auto&) {
      if (std::exchange(is_first, false)) {
        (void)store_events(
            {{9, "late", "{}", kTime + static_cast<evh_time>(kManyEvents)}, {9, "early", "{}", kTime - 1}});
      }
      return false;
    });
    std::vector<StoredEvent> found = end.events;
    EXPECT_TRUE(std::ranges::none_of(found, [](const StoredEvent& event) { return event.action == "early"; }));
    EXPECT_EQ(ScanQuery{}.select_from(found), found);
    std::erase_if(found, [](const StoredEvent& event) { return event.user_id == 9; });
    EXPECT_EQ(found.size(), all.size());
  }

  // A sink that takes its time makes the scan a long one: it must ask behind the block at the latest.
  void a_long_scan_asks_whether_it_is_cancelled() {
    (void)store_many_events();
    const auto caller = std::this_thread::get_id();
    int asked = 0;
    SlowSink sink;
    const ScanEnd end = scan(
        table(), {}, [&](const auto&) { return sink.take(); },
        [&] {
          EXPECT_EQ(std::this_thread::get_id(), caller) << "cancelled is asked on the caller's thread";
          ++asked;
          return false;
        });
    EXPECT_EQ(end.code, EVH_OK) << end.message;
    EXPECT_GE(asked, SlowSink::kSlowBlocks - 1);
  }

  void a_cancelled_scan_ends() {
    (void)store_many_events();
    bool is_cancelled = false;
    SlowSink sink;
    const ScanEnd end = scan(
        table(), {},
        [&](const auto&) {
          EXPECT_FALSE(is_cancelled) << "the sink was called after cancelled had said stop";
          return sink.take();
        },
        [&] { return is_cancelled = true; });
    EXPECT_EQ(end.code, EVH_CANCELLED);
    EXPECT_FALSE(end.message.empty()) << "a failure fills the caller's error";
    EXPECT_LT(end.events.size(), kManyEvents);
  }

  void a_scan_needs_neither_cancelled_nor_error() {
    (void)store_many_events();
    const evh_scan query = ScanQuery{}.lent();
    const evh_event_sink take = [](void* ctx, const evh_event*, std::size_t) {
      return static_cast<SlowSink*>(ctx)->take() ? 1 : 0;
    };
    SlowSink sink;
    EXPECT_EQ(table().scan(table().self, &query, take, nullptr, &sink, nullptr), EVH_OK);
    SlowSink cancelled_sink;
    const evh_cancelled at_once = [](void*) { return 1; };
    EXPECT_EQ(table().scan(table().self, &query, take, at_once, &cancelled_sink, nullptr), EVH_CANCELLED);
  }

 private:
  class SlowSink {
   public:
    static constexpr int kSlowBlocks = 2;

    // Never enough. The first blocks take longer than the 250 ms within which a store asks whether it is cancelled.
    bool take() {
      constexpr std::chrono::milliseconds kSlow{260};
      if (taken_++ < kSlowBlocks) std::this_thread::sleep_for(kSlow);
      return false;
    }

   private:
    int taken_ = 0;
  };
};

}  // namespace evh::testkit
