// What evh_event_store.append promises for events that it takes. Needs GoogleTest.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreAppendTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void ids_are_positive_and_unique() {
    std::set<std::int64_t> ids;
    for (const std::size_t count : {1U, 3U, 100U, 1U}) {
      for (const StoredEvent& event : store_events(std::vector<NewEvent>(count))) {
        EXPECT_GT(event.id, 0);
        EXPECT_TRUE(ids.insert(event.id).second) << "the id " << event.id << " came twice";
      }
    }
  }

  void ids_are_in_the_order_of_the_events() {
    std::vector<NewEvent> events;
    for (std::int64_t number = 1; number <= 50; ++number) {
      events.push_back({number, "act" + std::to_string(number), R"({"n":)" + std::to_string(number) + "}",
                        kTime + (number * 7) % 50});
    }
    const std::vector<StoredEvent> stored = store_events(events);
    expect_scan({}, stored);  // compares the event of each id
  }

  void equal_events_are_all_stored() {
    const NewEvent event{7, "click", R"({"a":1})", kTime};
    std::vector<StoredEvent> stored = store_events({event, event, event});
    stored.push_back(store_events({event}).front());
    expect_scan({}, stored);
  }

  void many_events_together_are_stored() { expect_scan({}, store_many_events()); }

  void many_appends_at_once_are_stored() {
    std::vector<AppendCall*> calls;
    for (std::int64_t number = 1; number <= 500; ++number) {
      calls.push_back(&begin({{number, "act", "{}", kTime}, {number, "act", "{}", kTime + 1}}));
    }
    std::vector<StoredEvent> stored;
    for (const AppendCall* call : calls) {
      for (const StoredEvent& event : stored_by(*call)) stored.push_back(event);
    }
    expect_scan({}, stored);
  }

  void a_scan_sees_what_was_durable_before() {
    std::vector<StoredEvent> stored;
    for (int round = 0; round < 20; ++round) {
      stored.push_back(store_events({{1, "act", "{}", kTime - round}}).front());
      ASSERT_NO_FATAL_FAILURE(expect_scan({}, stored));
    }
  }

  void created_at_of_0_is_stamped_by_the_clock() {
    if (store().clock() == nullptr) return expect_stamp_of_the_machine();
    for (int round = 0; round < 3; ++round) {
      store().clock()->advance(std::chrono::minutes{90});
      const std::int64_t id = store_events({NewEvent{}}).front().id;
      EXPECT_EQ(find(id).created_at, raw(store().clock()->now()));
    }
  }

  void created_at_is_kept_however_far_away() {
    using std::chrono::sys_days;
    using std::chrono::year;
    std::vector<NewEvent> events;
    for (const evh_time time : {
             evh_time{-1},
             evh_time{1},
             raw(sys_days{year{1900} / 1 / 1}),
             raw(sys_days{year{1} / 1 / 1}),
             raw(sys_days{year{1969} / 12 / 31}),
             raw(sys_days{year{10000} / 1 / 1}) - 1,
             kTime + 123456,
         }) {
      events.push_back({1, "act", "{}", time});
    }
    expect_scan({}, store_events(events));
  }

  void actions_are_kept_as_they_are() {
    std::vector<NewEvent> events;
    for (const char* action : {"a", " ", "'; DROP TABLE events; --", "\"quoted\" \\ \\n", "%s {0} $1 ?1 :name",
                               "\x01\t\r\n\x7F", "na\xC3\xAFve", "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x98\x80",
                               "\xEF\xBF\xBF \xF4\x8F\xBF\xBF", "NULL", "{}"}) {
      events.push_back({1, action, "{}", kTime});
    }
    events.push_back({1, std::string(10'000, 'x'), "{}", kTime});
    expect_scan({}, store_events(events));
  }

  void user_ids_are_kept_as_they_are() {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    expect_scan({},
                store_events({{1, "act", "{}", kTime}, {kMost, "act", "{}", kTime}, {1LL << 53, "act", "{}", kTime}}));
  }

  // As a client does that sends its next event when the last is answered: on the thread of `done`.
  void done_may_append() {
    constexpr int kLength = 20;
    std::atomic<int> left = kLength;
    std::function<void()> next = [&] {
      if (--left > 0) begin({{1, "act", "{}", kTime}}, kStorePatience, next);
    };
    begin({{1, "act", "{}", kTime}}, kStorePatience, next);
    ASSERT_TRUE(eventually([&] { return left == 0; }, kStorePatience));
    EXPECT_EQ(scan_events().size(), std::size_t{kLength});
  }

  // Whatever is answered when the wait is short must be true. Behind a large one they wait.
  void short_waits_end_truly() {
    AppendCall& large = begin(std::vector<NewEvent>(kManyEvents, {1, "large", "{}", kTime}));
    std::vector<AppendCall*> calls;
    for (std::int64_t number = 0; number < 200; ++number) {
      const Span wait{number % 2 == 0 ? 0 : number * 50};
      calls.push_back(&begin({{number + 1, "short", "{}", kTime}}, wait));
    }
    (void)stored_by(large);
    for (const AppendCall* call : calls) (void)end_of(*call);
    const std::vector<StoredEvent> found = scan_events({.action = "short"});
    for (const AppendCall* call : calls) {
      const AppendEnd end = call->end();
      const auto is_its = [&](const StoredEvent& event) { return event.user_id == call->events().front().user_id; };
      const auto times = std::ranges::count_if(found, is_its);
      if (end.code == EVH_OK) {
        EXPECT_EQ(times, 1) << "stored, it said";
      } else if (end.code == EVH_UNKNOWN_OUTCOME) {
        EXPECT_LE(times, 1);
      } else {
        EXPECT_TRUE(end.code == EVH_TIMEOUT || end.code == EVH_OVERLOADED) << code_name(end.code);
        EXPECT_EQ(times, 0) << "nothing was stored, it said: " << code_name(end.code);
      }
    }
  }

 private:
  StoredEvent find(std::int64_t id) {
    for (const StoredEvent& event : scan_events()) {
      if (event.id == id) return event;
    }
    ADD_FAILURE() << "there is no event " << id;
    return {};
  }

  void expect_stamp_of_the_machine() {
    const auto now = [] { return raw(std::chrono::time_point_cast<Span>(std::chrono::system_clock::now())); };
    const evh_time before = now();
    const std::int64_t id = store_events({NewEvent{}}).front().id;
    const evh_time after = now();
    EXPECT_GE(find(id).created_at, before);
    EXPECT_LE(find(id).created_at, after);
  }
};

}  // namespace evh::testkit
