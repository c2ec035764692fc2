// The fake event store as the suite takes it.
#pragma once

#include <memory>
#include <vector>

#include "evh/testkit/event_store/store_under_test.h"
#include "evh/testkit/fake_event_store.h"

namespace evh::testkit {

// Its disk is a copy of its events.
class FakeStore : public StoreUnderTest {
 public:
  FakeStore() { open(); }

  const evh_event_store& table() override { return store_->table(); }
  TestClock* clock() override { return &clock_; }
  void drain() override { store_->close(); }
  void stop() override {
    if (store_ == nullptr) return;
    disk_ = store_->events();
    store_.reset();
  }
  void restart() override { open(); }

 protected:
  [[nodiscard]] FakeEventStore& store() { return *store_; }
  [[nodiscard]] std::vector<StoredEvent>& disk() { return disk_; }

 private:
  void open() {
    store_ = std::make_unique<FakeEventStore>(clock_);
    for (const StoredEvent& event : disk_) store_->add(event);
  }

  TestClock clock_;
  std::unique_ptr<FakeEventStore> store_;
  std::vector<StoredEvent> disk_;
};

}  // namespace evh::testkit
