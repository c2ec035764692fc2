// What the tests of a store share. Needs GoogleTest.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "evh/testkit/append_call.h"
#include "evh/testkit/canonical_json.h"
#include "evh/testkit/event_store/store_under_test.h"
#include "evh/testkit/outcome.h"
#include "evh/testkit/scan_call.h"

namespace evh::testkit {

// Every function may be called from any thread, unless it says otherwise.
class EventStoreTest {
 public:
  explicit EventStoreTest(std::unique_ptr<StoreUnderTest> store) : store_(std::move(store)) {}
  ~EventStoreTest() {
    store_->stop();
    expect_each_done_once();
    store_->expect_good_conduct();
  }
  EventStoreTest(const EventStoreTest&) = delete;
  EventStoreTest& operator=(const EventStoreTest&) = delete;

 protected:
  // For what should happen: a slow disk under a sanitizer takes its time.
  static constexpr Span kStorePatience = 3 * kPatience;
  // Enough for several blocks of any sensible size.
  static constexpr std::size_t kManyEvents = 3000;

  [[nodiscard]] StoreUnderTest& store() noexcept { return *store_; }
  [[nodiscard]] const evh_event_store& table() { return store_->table(); }

  // Begins an append; the call lives as long as the test.
  AppendCall& begin(std::vector<NewEvent> events, Span max_wait = kStorePatience, std::function<void()> then = {}) {
    AppendCall* call = nullptr;
    {
      const std::lock_guard lock(mutex_);
      call = &calls_.emplace_back(std::move(events), std::move(then));
    }
    call->begin(table(), max_wait);
    return *call;
  }

  static AppendEnd end_of(const AppendCall& call) {
    if (!call.wait(kStorePatience)) throw std::runtime_error("an append was not done in time");
    return call.end();
  }

  AppendEnd append(std::vector<NewEvent> events) { return end_of(begin(std::move(events))); }

  // What the store should have after `call`, which must have succeeded whole.
  static std::vector<StoredEvent> stored_by(const AppendCall& call) {
    const AppendEnd end = end_of(call);
    if (!end.stored_all()) throw std::runtime_error("an append failed: " + code_name(end.code) + " " + end.message);
    if (end.ids.size() != call.events().size()) throw std::runtime_error("an append gave no ids");
    std::vector<StoredEvent> stored;
    for (std::size_t index = 0; index < end.ids.size(); ++index) {
      const NewEvent& event = call.events()[index];
      stored.push_back({end.ids[index], event.user_id, event.action, event.metadata, event.created_at});
    }
    return stored;
  }

  std::vector<StoredEvent> store_events(std::vector<NewEvent> events) { return stored_by(begin(std::move(events))); }

  // Many small events at distinct times.
  std::vector<StoredEvent> store_many_events(std::size_t count = kManyEvents) {
    std::vector<NewEvent> events(count);
    for (std::size_t index = 0; index < count; ++index) {
      events[index].user_id = 1 + static_cast<std::int64_t>(index % 7);
      events[index].created_at = kTime + static_cast<evh_time>(index);
    }
    return store_events(std::move(events));
  }

  std::vector<StoredEvent> scan_events(const ScanQuery& query = {}) {
    ScanEnd end = scan(table(), query);
    EXPECT_EQ(end.code, EVH_OK) << query << ": " << end.message;
    return std::move(end.events);
  }

  // With metadata compared as JSON values.
  static std::vector<StoredEvent> comparable(std::vector<StoredEvent> events) {
    for (StoredEvent& event : events) {
      event.metadata = canonical_json(event.metadata).value_or("(no JSON) " + event.metadata);
    }
    return events;
  }

  // `all` is what the store has.
  void expect_scan(const ScanQuery& query, const std::vector<StoredEvent>& all) {
    const std::vector<StoredEvent> expected = comparable(query.select_from(all));
    const std::vector<StoredEvent> found = comparable(scan_events(query));
    ASSERT_EQ(found.size(), expected.size()) << query;
    for (std::size_t index = 0; index < found.size(); ++index) {
      ASSERT_EQ(found[index], expected[index]) << query << ", event " << index << " of " << found.size();
    }
  }

  static constexpr evh_time kTime = 1'735'732'496'000'000;  // 2025-01-01T11:54:56Z

 private:
  void expect_each_done_once() {
    const std::lock_guard lock(mutex_);
    for (const AppendCall& call : calls_) {
      EXPECT_EQ(call.times_done(), 1U) << "`done` comes exactly once, and before stop has returned";
    }
  }

  std::mutex mutex_;
  std::deque<AppendCall> calls_;
  std::unique_ptr<StoreUnderTest> store_;
};

}  // namespace evh::testkit
