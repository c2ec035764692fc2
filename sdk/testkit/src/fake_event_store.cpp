#include "evh/testkit/fake_event_store.h"

#include "fake_event_store_state.h"

namespace evh::testkit {

FakeEventStore::FakeEventStore(TestClock& clock) : state_(std::make_unique<State>(clock)) {}
FakeEventStore::~FakeEventStore() = default;

const evh_event_store& FakeEventStore::table() const noexcept {
  return state_->table;
}

std::vector<StoredEvent> FakeEventStore::events() const {
  return state_->events();
}

bool FakeEventStore::wait_for_events(std::size_t count, Span patience) const {
  return state_->wait_for_events(count, patience);
}

std::int64_t FakeEventStore::add(std::int64_t user_id, std::string_view action, std::string_view metadata,
                                 Time created_at) {
  return state_->add({0, user_id, std::string(action), std::string(metadata), raw(created_at)});
}

void FakeEventStore::add(const StoredEvent& event) {
  (void)state_->add(event);
}

bool FakeEventStore::erase(std::int64_t id) {
  return state_->erase(id);
}

void FakeEventStore::hold() {
  state_->hold();
}

void FakeEventStore::release() {
  state_->release();
}

void FakeEventStore::expire_held() {
  state_->expire_held();
}

std::size_t FakeEventStore::held() const {
  return state_->held();
}

bool FakeEventStore::wait_for_held(std::size_t count, Span patience) const {
  return state_->wait_for_held(count, patience);
}

void FakeEventStore::fail_appends(evh_code code, std::size_t times) {
  state_->order([&](StoreFaults& faults) { faults.appends = {code, times}; });
}

void FakeEventStore::lose_answers(std::size_t times) {
  state_->order([&](StoreFaults& faults) { faults.lost_answers = times; });
}

void FakeEventStore::refuse(std::function<bool(const evh_new_event&)> refuses) {
  state_->order([&](StoreFaults& faults) { faults.refuses = std::move(refuses); });
}

void FakeEventStore::fail_scans(evh_code code, std::size_t after) {
  state_->order([&](StoreFaults& faults) { faults.scans = {code, after}; });
}

void FakeEventStore::heal() {
  state_->order([](StoreFaults& faults) { faults = {}; });
}

void FakeEventStore::close() {
  state_->close();
}

void FakeEventStore::set_block_size(std::size_t events) {
  state_->set_block_size(events);
}

std::size_t FakeEventStore::appends() const {
  return state_->appends();
}

std::size_t FakeEventStore::scans() const {
  return state_->scans();
}

}  // namespace evh::testkit
