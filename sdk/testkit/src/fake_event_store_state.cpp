#include "fake_event_store_state.h"

#include <algorithm>

#include "evh/error.hpp"
#include "evh/testkit/bystander_thread.h"
#include "evh/testkit/canonical_json.h"
#include "evh/testkit/failures.h"
#include "evh/testkit/outcome.h"
#include "evh/text.hpp"
#include "evh/utf8.hpp"

namespace evh::testkit {
namespace {

// Why event_store.h does not allow the event; empty when it does.
std::string problem_of(const evh_new_event& event) {
  const std::string_view action = view(event.action);
  if (event.user_id <= 0) return "user_id must be positive, got " + std::to_string(event.user_id);
  if (action.empty()) return "action must not be empty";
  if (!is_utf8(action) || action.find('\0') != std::string_view::npos) return "action must be UTF-8 without NUL";
  if (!is_json_object(view(event.metadata))) return "metadata must be the text of a JSON object";
  return {};
}

evh_time sum(evh_time at, evh_span wait) {
  evh_time end = 0;
  return __builtin_add_overflow(at, std::max<evh_span>(wait, 0), &end) ? std::numeric_limits<evh_time>::max() : end;
}

}  // namespace

FakeEventStore::State::State(TestClock& clock)
    : table{this, &State::append, &State::scan},
      clock_(clock),
      answerer_([this](const std::stop_token& over) { answer_settlements(over); }) {}

FakeEventStore::State::~State() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    for (const Append& append : held_) settlements_.push_back({append, EVH_UNAVAILABLE, "the store is stopping"});
    held_.clear();
  }
  answerer_.request_stop();
  answerer_.join();
}

std::vector<StoredEvent> FakeEventStore::State::events() const {
  const std::lock_guard lock(mutex_);
  std::vector<StoredEvent> events;
  for (const auto& [position, event] : events_) events.push_back(event);
  return events;
}

bool FakeEventStore::State::wait_for_events(std::size_t count, Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return events_.size() >= count; });
}

std::int64_t FakeEventStore::State::add(StoredEvent event) {
  const std::lock_guard lock(mutex_);
  const auto has_its_id = [&](const auto& entry) { return entry.second.id == event.id; };
  if (event.id != 0 && std::ranges::any_of(events_, has_its_id)) {
    throw Misuse("the fake event store has an event with the id " + std::to_string(event.id) + " already");
  }
  if (event.id == 0) event.id = last_id_ + 1;
  last_id_ = std::max(last_id_, event.id);
  events_.emplace(Position{event.created_at, event.id}, event);
  changed_.notify_all();
  return event.id;
}

bool FakeEventStore::State::erase(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(events_, [&](const auto& entry) { return entry.second.id == id; }) > 0;
}

void FakeEventStore::State::hold() {
  const std::lock_guard lock(mutex_);
  is_holding_ = true;
}

void FakeEventStore::State::release() {
  expire_held();
  const std::lock_guard lock(mutex_);
  is_holding_ = false;
  for (const Append& append : held_) settlements_.push_back({append, EVH_OK, {}});
  held_.clear();
  changed_.notify_all();
}

void FakeEventStore::State::expire_held() {
  const evh_time now = raw(clock_.now());
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [&](const Append& append) {
    if (now <= append.latest) return false;
    settlements_.push_back({append, EVH_TIMEOUT, "still queued after max_wait"});
    return true;
  });
  changed_.notify_all();
}

std::size_t FakeEventStore::State::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

bool FakeEventStore::State::wait_for_held(std::size_t count, Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return held_.size() >= count; });
}

void FakeEventStore::State::order(const std::function<void(StoreFaults&)>& change) {
  const std::lock_guard lock(mutex_);
  change(faults_);
}

void FakeEventStore::State::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

void FakeEventStore::State::set_block_size(std::size_t events) {
  if (events == 0) throw Misuse("a block of a scan has at least 1 event");
  const std::lock_guard lock(mutex_);
  block_size_ = events;
}

std::size_t FakeEventStore::State::appends() const {
  const std::lock_guard lock(mutex_);
  return appends_;
}

std::size_t FakeEventStore::State::scans() const {
  const std::lock_guard lock(mutex_);
  return scans_;
}

void FakeEventStore::State::Append::fail(evh_code code, std::string_view why) const {
  evh_error error{};
  (void)evh::fail(&error, code, why);
  done(ctx, &error, nullptr, nullptr, events.size());
}

void FakeEventStore::State::append(void* self, const evh_new_event* events, std::size_t count, evh_span max_wait,
                                   evh_append_done done, void* ctx) {
  State& state = *static_cast<State*>(self);
  state.take({{events, count}, done, ctx, sum(raw(state.clock_.now()), max_wait)});
}

void FakeEventStore::State::take(const Append& append) {
  std::unique_lock lock(mutex_);
  ++appends_;
  if (is_closed_) {
    lock.unlock();
    return append.fail(EVH_UNAVAILABLE, "the store is stopping");
  }
  if (!is_holding_) {
    lock.unlock();
    return settle(append);
  }
  if (faults_.appends.code == EVH_OVERLOADED && take_append_fault() != EVH_OK) {
    lock.unlock();
    return append.fail(EVH_OVERLOADED, "the queue is full");
  }
  held_.push_back(append);
  changed_.notify_all();
}

void FakeEventStore::State::settle(const Append& append) {
  std::unique_lock lock(mutex_);
  const evh_code fault = take_append_fault();
  if (fault != EVH_OK) {
    lock.unlock();
    return append.fail(fault, "a fault that the test has ordered: " + code_name(fault));
  }
  const bool is_answer_lost = take_lost_answer();
  lock.unlock();

  std::string why;
  const std::vector<evh_code> verdicts = judge(append.events, why);
  const bool some_refused = std::ranges::any_of(verdicts, [](evh_code code) { return code != EVH_OK; });
  const bool all_refused = std::ranges::all_of(verdicts, [](evh_code code) { return code != EVH_OK; });
  if (all_refused) return append.fail(EVH_INVALID, why);

  const std::vector<std::int64_t> ids = store(append.events, verdicts);
  if (is_answer_lost) return append.fail(EVH_UNKNOWN_OUTCOME, "the events may have been stored");
  evh_error error{};
  if (some_refused) (void)evh::fail(&error, EVH_OK, why);
  append.done(append.ctx, &error, ids.data(), some_refused ? verdicts.data() : nullptr, append.events.size());
}

evh_code FakeEventStore::State::take_append_fault() {
  StoreFaults::Appends& fault = faults_.appends;
  if (fault.times == 0) return EVH_OK;
  if (fault.times != kForever) --fault.times;
  return fault.code;
}

bool FakeEventStore::State::take_lost_answer() {
  std::size_t& times = faults_.lost_answers;
  if (times == 0) return false;
  if (times != kForever) --times;
  return true;
}

std::vector<evh_code> FakeEventStore::State::judge(std::span<const evh_new_event> events, std::string& why) const {
  std::function<bool(const evh_new_event&)> refuses;
  {
    const std::lock_guard lock(mutex_);
    refuses = faults_.refuses;
  }
  std::vector<evh_code> verdicts;
  for (const evh_new_event& event : events) {
    std::string problem = problem_of(event);
    if (problem.empty() && refuses && refuses(event)) problem = "the test refuses this event";
    verdicts.push_back(problem.empty() ? EVH_OK : EVH_INVALID);
    if (why.empty() && !problem.empty()) why = "event " + std::to_string(verdicts.size() - 1) + ": " + problem;
  }
  return verdicts;
}

std::vector<std::int64_t> FakeEventStore::State::store(std::span<const evh_new_event> events,
                                                       std::span<const evh_code> verdicts) {
  std::vector<std::int64_t> ids;
  const std::lock_guard lock(mutex_);
  const evh_time now = raw(clock_.now());
  for (std::size_t index = 0; index < events.size(); ++index) {
    if (verdicts[index] != EVH_OK) {
      ids.push_back(0);
      continue;
    }
    const evh_new_event& event = events[index];
    const evh_time at = event.created_at == 0 ? now : event.created_at;
    ids.push_back(++last_id_);
    events_.emplace(Position{at, last_id_}, StoredEvent{last_id_, event.user_id, std::string(view(event.action)),
                                                        std::string(view(event.metadata)), at});
  }
  changed_.notify_all();
  return ids;
}

// The stop comes when the store is destroyed: what is to be answered then still is.
void FakeEventStore::State::answer_settlements(const std::stop_token& over) {
  const BystanderThread bystander;
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, over, [&] { return !settlements_.empty(); })) {
    const Settlement settlement = std::move(settlements_.front());
    settlements_.pop_front();
    lock.unlock();
    if (settlement.code == EVH_OK) {
      settle(settlement.append);
    } else {
      settlement.append.fail(settlement.code, settlement.why);
    }
    lock.lock();
  }
}

}  // namespace evh::testkit
