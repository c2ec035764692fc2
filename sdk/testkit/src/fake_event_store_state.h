// What a fake event store holds, and the thread that answers held appends.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "evh/testkit/fake_event_store.h"

namespace evh::testkit {

struct StoreFaults {
  struct Appends {
    evh_code code = EVH_OK;
    std::size_t times = 0;
  };
  struct Scans {
    evh_code code = EVH_OK;
    std::size_t after = 0;
  };
  Appends appends;
  std::size_t lost_answers = 0;
  std::function<bool(const evh_new_event&)> refuses;
  Scans scans;
};

class FakeEventStore::State {
 public:
  explicit State(TestClock& clock);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const evh_event_store table;

  [[nodiscard]] std::vector<StoredEvent> events() const;
  [[nodiscard]] bool wait_for_events(std::size_t count, Span patience) const;
  std::int64_t add(StoredEvent event);  // id 0: the next one
  bool erase(std::int64_t id);

  void hold();
  void release();
  void expire_held();
  [[nodiscard]] std::size_t held() const;
  [[nodiscard]] bool wait_for_held(std::size_t count, Span patience) const;

  void order(const std::function<void(StoreFaults&)>& change);
  void close();
  void set_block_size(std::size_t events);
  [[nodiscard]] std::size_t appends() const;
  [[nodiscard]] std::size_t scans() const;

 private:
  struct Append {
    std::span<const evh_new_event> events;
    evh_append_done done;
    void* ctx;
    evh_time latest;  // when max_wait is over

    void fail(evh_code code, std::string_view why) const;
  };
  // To be answered by the thread: with `code`, or by being stored.
  struct Settlement {
    Append append;
    evh_code code = EVH_OK;
    std::string why;
  };
  using Position = std::pair<evh_time, std::int64_t>;

  static void append(void* self, const evh_new_event* events, std::size_t count, evh_span max_wait,
                     evh_append_done done, void* ctx);
  static evh_code scan(void* self, const evh_scan* query, evh_event_sink sink, evh_cancelled cancelled, void* ctx,
                       evh_error* error);

  void take(const Append& append);
  void settle(const Append& append);
  // The code with which the next append fails, if it does. Counts it off.
  [[nodiscard]] evh_code take_append_fault();
  [[nodiscard]] bool take_lost_answer();
  [[nodiscard]] std::vector<evh_code> judge(std::span<const evh_new_event> events, std::string& why) const;
  [[nodiscard]] std::vector<std::int64_t> store(std::span<const evh_new_event> events,
                                                std::span<const evh_code> verdicts);
  evh_code scan(const evh_scan& query, evh_event_sink sink, evh_cancelled cancelled, void* ctx, evh_error* error);
  // Up to `most` of the events behind `position`, in the direction of the scan.
  [[nodiscard]] std::vector<StoredEvent> read(const evh_scan& query, const std::optional<Position>& position,
                                              std::size_t most) const;
  void answer_settlements(const std::stop_token& over);

  TestClock& clock_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::map<Position, StoredEvent> events_;
  std::int64_t last_id_ = 0;
  bool is_holding_ = false;
  bool is_closed_ = false;
  std::deque<Append> held_;
  std::deque<Settlement> settlements_;
  StoreFaults faults_;
  std::size_t block_size_ = 100;
  std::size_t appends_ = 0;
  std::size_t scans_ = 0;
  std::jthread answerer_;
};

}  // namespace evh::testkit
