// evh.event-store/1 in memory, with faults to order. It passes the suite that every store must (event_store_suite.h).
//
//   evh::testkit::FakeEventStore store(host.clock());
//   host.provide(store);
//   ...
//   store.hold();                             // what is appended from here on waits
//   ASSERT_TRUE(store.wait_for_held(1));
//   store.release();                          // ... until here
//   store.fail_appends(EVH_UNAVAILABLE, 1);   // the next one fails
//   EXPECT_THAT(store.events(), SizeIs(1));
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evh/event_store.h"
#include "evh/testkit/patience.h"
#include "evh/testkit/stored_event.h"
#include "evh/testkit/test_clock.h"

namespace evh::testkit {

// Every function may be called from any thread, from `done` and from a sink too.
//
// An append is done before it returns, on the caller's thread, unless appends are held. It refuses events that
// event_store.h does not allow (EVH_INVALID, each alone). created_at 0 becomes the time of the clock.
class FakeEventStore {
 public:
  static constexpr std::size_t kForever = std::numeric_limits<std::size_t>::max();

  explicit FakeEventStore(TestClock& clock);
  ~FakeEventStore();  // what is still held is answered EVH_UNAVAILABLE
  FakeEventStore(const FakeEventStore&) = delete;
  FakeEventStore& operator=(const FakeEventStore&) = delete;

  [[nodiscard]] const evh_event_store& table() const noexcept;

  // In the order of a scan.
  [[nodiscard]] std::vector<StoredEvent> events() const;
  [[nodiscard]] bool wait_for_events(std::size_t count, Span patience = kPatience) const;

  // Puts an event there as if it had been appended, and returns its id; or with an id of its own that is not there yet.
  std::int64_t add(std::int64_t user_id, std::string_view action, std::string_view metadata, Time created_at);
  void add(const StoredEvent& event);
  // Takes one away, as a retention would. False: no such id.
  bool erase(std::int64_t id);

  // From now on appends queue up. release() hands them, and from then on all others, to the store: the held ones are
  // done in their order on a thread of the fake, those for which more than max_wait has passed on the clock with
  // EVH_TIMEOUT. Nothing waits on the clock: max_wait counts when release or expire_held is called.
  void hold();
  void release();
  void expire_held();  // only those whose max_wait is over are done, with EVH_TIMEOUT; the others stay
  [[nodiscard]] std::size_t held() const;  // appends, not events
  [[nodiscard]] bool wait_for_held(std::size_t count, Span patience = kPatience) const;

  // The next `times` appends, or those that are released, fail with `code` and store nothing.
  // EVH_OVERLOADED is answered at once, also while appends are held: a full queue takes nothing.
  void fail_appends(evh_code code, std::size_t times = kForever);
  // The next `times` appends are stored, and answered EVH_UNKNOWN_OUTCOME all the same.
  void lose_answers(std::size_t times = kForever);
  // Events for which `refuses` holds are refused with EVH_INVALID, each alone.
  void refuse(std::function<bool(const evh_new_event&)> refuses);
  // Scans fail with `code` when they have handed over `after` events, or reach their end before.
  void fail_scans(evh_code code, std::size_t after = 0);
  void heal();  // no more faults of any kind; what is held stays so

  // As if its drain had begun: appends are answered EVH_UNAVAILABLE. What is held stays so.
  void close();

  // Events a block of a scan, at least 1; 100 unless set. A block ends early when its texts are past 1 MiB.
  void set_block_size(std::size_t events);
  // Calls so far.
  [[nodiscard]] std::size_t appends() const;
  [[nodiscard]] std::size_t scans() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace evh::testkit
