// The event-store suite on stores with a fault each: the test that is there for it must fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "broken_store.h"
#include "evh/testkit/event_store_suite.h"
#include "failures_of.h"

namespace evh::testkit {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The failures of one test of the suite on a store with this fault.
template <class Tests>
std::vector<std::string> failures(void (Tests::*test)(), const StoreFault& fault) {
  return failures_of([&] {
    Tests tests(std::make_unique<BrokenStore>(fault));
    (tests.*test)();
  });
}

template <class Tests>
void expect_caught(void (Tests::*test)(), const StoreFault& fault) {
  EXPECT_THAT(failures(test, {}), IsEmpty()) << "without the fault it passes";
  EXPECT_THAT(failures(test, fault), Not(IsEmpty())) << "with the fault it fails";
}

void change_times(std::vector<NewEvent>& events, evh_time (*change)(evh_time)) {
  for (NewEvent& event : events) event.created_at = change(event.created_at);
}

TEST(EventStoreSuiteCatches, NoIds) {
  expect_caught(&StoreAppendTests::ids_are_positive_and_unique, {.end = [](AppendEnd& end) { end.ids.clear(); }});
  expect_caught(&StoreAppendTests::ids_are_positive_and_unique,
                {.end = [](AppendEnd& end) { std::ranges::fill(end.ids, 7); }});
}

TEST(EventStoreSuiteCatches, IdsInAnotherOrder) {
  expect_caught(&StoreAppendTests::ids_are_in_the_order_of_the_events,
                {.end = [](AppendEnd& end) { std::ranges::reverse(end.ids); }});
}

TEST(EventStoreSuiteCatches, EventsThatAreTakenForOne) {
  expect_caught(&StoreAppendTests::equal_events_are_all_stored,
                {.end = [](AppendEnd& end) { std::ranges::fill(end.ids, end.ids.empty() ? 0 : end.ids.front()); }});
}

TEST(EventStoreSuiteCatches, ALostEvent) {
  const StoreFault fault{.block = [](std::vector<StoredEvent>& block) {
    if (block.size() > 1) block.pop_back();
  }};
  expect_caught(&StoreAppendTests::many_events_together_are_stored, fault);
  expect_caught(&StoreAppendTests::many_appends_at_once_are_stored, fault);
  expect_caught(&StoreAppendTests::a_scan_sees_what_was_durable_before, fault);
  expect_caught(&StoreConcurrencyTests::many_threads_append_at_once, fault);
  expect_caught(&StoreConcurrencyTests::many_threads_append_without_waiting, fault);
  expect_caught(&StoreConcurrencyTests::scans_beside_appends_see_all_that_was_durable, fault);
  expect_caught(&StoreHistoryTests::random_histories_agree_with_a_model, fault);
}

TEST(EventStoreSuiteCatches, AnEventThatComesTwice) {
  const StoreFault fault{.block = [](std::vector<StoredEvent>& block) { block.push_back(block.back()); }};
  expect_caught(&StoreConcurrencyTests::scans_beside_appends_see_all_that_was_durable, fault);
  expect_caught(&StoreConcurrencyTests::many_threads_append_at_once, fault);
}

TEST(EventStoreSuiteCatches, DoneTwice) {
  expect_caught(&StoreAppendTests::user_ids_are_kept_as_they_are, {.times_done = 2});
}

TEST(EventStoreSuiteCatches, DoneNever) {
  EXPECT_THAT(failures(&StoreDurabilityTests::stop_ends_every_append, {.times_done = 0}),
              Contains(HasSubstr("before stop has returned")));
}

TEST(EventStoreSuiteCatches, AnotherClock) {
  expect_caught(&StoreAppendTests::created_at_of_0_is_stamped_by_the_clock,
                {.events = [](std::vector<NewEvent>& events) {
                  change_times(events, [](evh_time time) { return time == 0 ? evh_time{1'000'000} : time; });
                }});
}

TEST(EventStoreSuiteCatches, TimesThatAreCut) {
  expect_caught(&StoreAppendTests::created_at_is_kept_however_far_away, {.events = [](std::vector<NewEvent>& events) {
    change_times(events, [](evh_time time) { return time / 1000 * 1000 + 1; });
  }});
  expect_caught(&StoreAppendTests::created_at_is_kept_however_far_away, {.events = [](std::vector<NewEvent>& events) {
    change_times(events, [](evh_time time) { return std::max<evh_time>(time, 1); });
  }});
}

TEST(EventStoreSuiteCatches, TextsThatAreChanged) {
  expect_caught(&StoreAppendTests::actions_are_kept_as_they_are, {.events = [](std::vector<NewEvent>& events) {
    for (NewEvent& event : events) event.action.resize(std::min<std::size_t>(event.action.size(), 255));
  }});
  expect_caught(&StoreAppendTests::actions_are_kept_as_they_are, {.events = [](std::vector<NewEvent>& events) {
    for (NewEvent& event : events) std::ranges::replace(event.action, '\\', '/');
  }});
}

TEST(EventStoreSuiteCatches, UserIdsThatAreCut) {
  expect_caught(&StoreAppendTests::user_ids_are_kept_as_they_are, {.events = [](std::vector<NewEvent>& events) {
    for (NewEvent& event : events) event.user_id = std::max<std::int64_t>(event.user_id & 0x7FFFFFFF, 1);
  }});
}

TEST(EventStoreSuiteCatches, ATimeoutThatStoresAllTheSame) {
  expect_caught(&StoreAppendTests::short_waits_end_truly, {.end = [](AppendEnd& end) {
    if (end.ids.size() == 1) end = {EVH_TIMEOUT, "its wait is over", {}, {}};
  }});
}

TEST(EventStoreSuiteCatches, BadEventsThatAreStored) {
  const StoreFault fault{.events = [](std::vector<NewEvent>& events) {
    for (NewEvent& event : events) event.metadata = "{}";
  }};
  expect_caught(&StoreRefusalTests::metadata_that_is_no_json_object_is_refused, fault);
  expect_caught(&StoreRefusalTests::a_refused_event_leaves_its_neighbours, fault);
  expect_caught(&StoreRefusalTests::a_refused_event_leaves_other_appends, fault);
}

TEST(EventStoreSuiteCatches, ARefusalThatIsNotTold) {
  expect_caught(&StoreRefusalTests::a_refused_event_leaves_its_neighbours,
                {.end = [](AppendEnd& end) { end.each.clear(); }});
  expect_caught(&StoreRefusalTests::a_refused_event_leaves_its_neighbours,
                {.end = [](AppendEnd& end) { std::ranges::replace(end.ids, 0, 99); }});
  expect_caught(&StoreRefusalTests::metadata_that_is_no_json_object_is_refused,
                {.end = [](AppendEnd& end) { end.message.clear(); }});
  expect_caught(&StoreRefusalTests::metadata_that_is_no_json_object_is_refused,
                {.end = [](AppendEnd& end) { end.code = end.code == EVH_INVALID ? EVH_UNAVAILABLE : end.code; }});
}

TEST(EventStoreSuiteCatches, MetadataThatIsChanged) {
  const auto replaces = [](std::string from, std::string to) {
    return StoreFault{.events = [=](std::vector<NewEvent>& events) {
      for (NewEvent& event : events) {
        const std::size_t at = event.metadata.find(from);
        if (at != std::string::npos) event.metadata.replace(at, from.size(), to);
      }
    }};
  };
  expect_caught(&StoreMetadataTests::objects_come_back, replaces(R"("b":1)", R"("b":3)"));
  expect_caught(&StoreMetadataTests::objects_come_back, replaces("{}", R"({"a":null})"));
  expect_caught(&StoreMetadataTests::numbers_come_back_exactly, replaces("9007199254740993", "9007199254740992"));
  expect_caught(&StoreMetadataTests::numbers_come_back_exactly, replaces("1e400", "1.7976931348623157e308"));
  expect_caught(&StoreMetadataTests::texts_come_back, replaces("\\ud83d\\ude00", "?"));
  expect_caught(&StoreMetadataTests::texts_come_back, replaces("\\b", "b"));
  expect_caught(&StoreMetadataTests::nesting_of_512_comes_back, replaces("[]", "[0]"));
  expect_caught(&StoreMetadataTests::large_objects_come_back, replaces("xxx", "xx"));
  expect_caught(&StoreMetadataTests::an_escaped_nul_comes_back_or_is_refused, replaces("\\u0000", ""));
}

TEST(EventStoreSuiteCatches, AWrongOrder) {
  const StoreFault always_up{.query = [](evh_scan& query) { query.descending = 0; }};
  const StoreFault backwards{.block = [](std::vector<StoredEvent>& block) { std::ranges::reverse(block); }};
  const StoreFault ids_alone{
      .block = [](std::vector<StoredEvent>& block) { std::ranges::sort(block, {}, &StoredEvent::id); }};
  expect_caught(&StoreScanTests::events_come_in_order_of_time_and_id, always_up);
  expect_caught(&StoreScanTests::events_come_in_order_of_time_and_id, ids_alone);
  expect_caught(&StoreScanTests::many_events_of_one_time_come_in_order_of_id, backwards);
  expect_caught(&StoreScanTests::large_results_come_in_blocks, backwards);
  expect_caught(&StoreSinkTests::events_behind_the_cursor_of_a_running_scan_are_seen_or_not_but_in_order, backwards);
}

TEST(EventStoreSuiteCatches, WrongBounds) {
  const StoreFault excludes_from{.query = [](evh_scan& query) { query.from += query.from < query.to ? 1 : 0; }};
  const StoreFault excludes_to{.query = [](evh_scan& query) { query.to -= query.from < query.to ? 1 : 0; }};
  const StoreFault swaps{.query = [](evh_scan& query) {
    if (query.from > query.to) std::swap(query.from, query.to);
  }};
  const StoreFault overflows{.query = [](evh_scan& query) { query.to = static_cast<std::int32_t>(query.to); }};
  expect_caught(&StoreScanTests::bounds_are_inclusive, excludes_from);
  expect_caught(&StoreScanTests::bounds_are_inclusive, excludes_to);
  expect_caught(&StoreScanTests::bounds_in_the_wrong_order_hold_nothing, swaps);
  expect_caught(&StoreScanTests::bounds_may_be_the_farthest_times, overflows);
}

TEST(EventStoreSuiteCatches, WrongFilters) {
  const StoreFault every_user{.query = [](evh_scan& query) { query.user_id = nullptr; }};
  const StoreFault every_action{.query = [](evh_scan& query) { query.action = {nullptr, 0}; }};
  const StoreFault empty_is_absent{.query = [](evh_scan& query) {
    if (query.action.size == 0) query.action = {nullptr, 0};
  }};
  expect_caught(&StoreScanTests::users_are_told_apart, every_user);
  expect_caught(&StoreScanTests::actions_are_told_apart, every_action);
  expect_caught(&StoreScanTests::actions_are_told_apart, empty_is_absent);
}

TEST(EventStoreSuiteCatches, WrongCursors) {
  const StoreFault no_cursor{.query = [](evh_scan& query) { query.after_id = 0; }};
  const StoreFault skips{.query = [](evh_scan& query) {
    if (query.after_id != 0 && query.after_id < std::numeric_limits<std::int64_t>::max())
      query.after_id += query.descending != 0 ? -1 : 1;
  }};
  const StoreFault by_id{.query = [](evh_scan& query) {
    if (query.after_id != 0) query.after_time = query.descending != 0 ? query.to : query.from;
  }};
  for (const StoreFault& fault : {no_cursor, skips, by_id}) {
    expect_caught(&StoreScanTests::a_cursor_goes_on_behind_any_event, fault);
    expect_caught(&StoreScanTests::a_cursor_need_not_be_an_event, fault);
  }
  expect_caught(&StoreScanTests::pages_by_cursor_are_the_whole, skips);
}

TEST(EventStoreSuiteCatches, WrongLimits) {
  const StoreFault one_more{.query = [](evh_scan& query) { query.limit += query.limit != 0 ? 1 : 0; }};
  const StoreFault of_a_block{
      .query = [](evh_scan& query) { query.limit = std::min<std::uint64_t>(query.limit, 100); }};
  expect_caught(&StoreScanTests::limits_are_kept, one_more);
  expect_caught(&StoreScanTests::limits_hold_across_blocks, of_a_block);
}

TEST(EventStoreSuiteCatches, OneLargeBlock) {
  expect_caught(&StoreScanTests::large_results_come_in_blocks, {.block_size = 1'000'000});
}

TEST(EventStoreSuiteCatches, EmptyBlocks) {
  expect_caught(&StoreScanTests::large_results_come_in_blocks,
                {.block = [](std::vector<StoredEvent>& block) { block.clear(); }});
}

TEST(EventStoreSuiteCatches, ASinkThatIsNotHeard) {
  expect_caught(&StoreSinkTests::a_sink_that_has_enough_ends_the_scan, {.ignores_sink = true});
}

TEST(EventStoreSuiteCatches, CancelledThatIsNotAsked) {
  expect_caught(&StoreSinkTests::a_long_scan_asks_whether_it_is_cancelled, {.ignores_cancelled = true});
  expect_caught(&StoreSinkTests::a_cancelled_scan_ends, {.ignores_cancelled = true});
  expect_caught(&StoreSinkTests::a_scan_needs_neither_cancelled_nor_error, {.ignores_cancelled = true});
}

// What a store does that holds a lock while the sink runs, but for the deadlock.
TEST(EventStoreSuiteCatches, WhatIsHeldWhileASinkRuns) {
  BrokenStore* store = nullptr;
  const auto failures_with = [&](const StoreFault& fault, void (StoreSinkTests::*test)()) {
    return failures_of([&] {
      auto broken = std::make_unique<BrokenStore>(fault);
      store = broken.get();
      StoreSinkTests tests(std::move(broken));
      (tests.*test)();
    });
  };
  const StoreFault holds_writer{.refuse = [&](bool) { return store->scans_running > 0 ? EVH_UNAVAILABLE : EVH_OK; }};
  EXPECT_THAT(failures_with(holds_writer, &StoreSinkTests::an_append_while_a_sink_stalls_succeeds), Not(IsEmpty()));
  const StoreFault holds_reader{
      .refuse_scan = [&](const evh_scan&) { return store->scans_running >= 4 ? EVH_OVERLOADED : EVH_OK; }};
  EXPECT_THAT(failures_with(holds_reader, &StoreSinkTests::scans_while_sinks_stall_succeed), Not(IsEmpty()));
}

TEST(EventStoreSuiteCatches, AnAppendAfterDrainThatFailsInAnotherWay) {
  expect_caught(&StoreDurabilityTests::an_append_after_drain_is_unavailable,
                {.refuse = [](bool is_closed) { return is_closed ? EVH_INTERNAL : EVH_OK; }});
}

TEST(EventStoreSuiteCatches, WhatARestartForgets) {
  const StoreFault forgets{.disk = [](std::vector<StoredEvent>& disk) {
    if (!disk.empty()) disk.pop_back();
  }};
  expect_caught(&StoreDurabilityTests::events_survive_restarts, forgets);
  expect_caught(&StoreDurabilityTests::drain_finishes_what_was_taken, forgets);
  expect_caught(&StoreDurabilityTests::stop_ends_every_append, forgets);
  expect_caught(&StoreDurabilityTests::appends_beside_a_drain_end_truly, forgets);
}

TEST(EventStoreSuiteCatches, IdsThatBeginAnew) {
  expect_caught(&StoreDurabilityTests::ids_stay_unique_over_restarts,
                {.disk = [](std::vector<StoredEvent>& disk) { disk.clear(); }});
}

}  // namespace
}  // namespace evh::testkit
