// The fake store with one fault that no store may have.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "evh/error.hpp"
#include "evh/testkit/append_call.h"
#include "evh/testkit/scan_call.h"
#include "evh/text.hpp"
#include "fake_store.h"

namespace evh::testkit {

// Each function changes what goes through the store's table; those that are empty change nothing.
struct StoreFault {
  std::function<void(std::vector<NewEvent>& events)> events = {};  // before they are stored
  std::function<void(AppendEnd& end)> end = {};                    // before it is told
  std::function<evh_code(bool is_closed)> refuse = {};             // not EVH_OK: nothing is stored
  std::size_t times_done = 1;
  std::function<void(evh_scan& query)> query = {};
  std::function<void(std::vector<StoredEvent>& block)> block = {};
  std::function<evh_code(const evh_scan& query)> refuse_scan = {};
  bool ignores_sink = false;
  bool ignores_cancelled = false;
  std::size_t block_size = 100;
  std::function<void(std::vector<StoredEvent>& disk)> disk = {};  // what a restart finds
};

class BrokenStore final : public FakeStore {
 public:
  explicit BrokenStore(StoreFault fault) : fault_(std::move(fault)) { restart(); }

  const evh_event_store& table() override { return table_; }
  void drain() override {
    is_closed_ = true;
    FakeStore::drain();
  }
  void restart() override {
    FakeStore::stop();
    if (fault_.disk) fault_.disk(disk());
    FakeStore::restart();
    store().set_block_size(fault_.block_size);
    is_closed_ = false;
  }

  // Scans that are under way.
  std::atomic<std::size_t> scans_running = 0;

 private:
  struct Append {
    BrokenStore& store;
    std::vector<NewEvent> events;
    std::vector<evh_new_event> lent;
    evh_append_done done;
    void* ctx;
  };
  struct Scan {
    BrokenStore& store;
    evh_event_sink sink;
    evh_cancelled cancelled;
    void* ctx;
  };

  static void append(void* self, const evh_new_event* events, std::size_t count, evh_span max_wait,
                     evh_append_done done, void* ctx) {
    BrokenStore& store = *static_cast<BrokenStore*>(self);
    std::vector<NewEvent> own;
    for (std::size_t index = 0; index < count; ++index) {
      const evh_new_event& event = events[index];
      own.push_back(
          {event.user_id, std::string(view(event.action)), std::string(view(event.metadata)), event.created_at});
    }
    Append& append = store.keep({store, std::move(own), {}, done, ctx});
    if (store.fault_.refuse) {
      const evh_code code = store.fault_.refuse(store.is_closed_);
      if (code != EVH_OK) return tell(append, {code, "a broken store", {}, {}}, count);
    }
    if (store.fault_.events) store.fault_.events(append.events);
    for (const NewEvent& event : append.events) append.lent.push_back(event.lent());
    const evh_event_store& good = store.FakeStore::table();
    good.append(good.self, append.lent.data(), append.lent.size(), max_wait, &BrokenStore::done, &append);
  }

  static void done(void* ctx, const evh_error* error, const std::int64_t* ids, const evh_code* each,
                   std::size_t count) {
    Append& append = *static_cast<Append*>(ctx);
    AppendEnd end{error->code, error->message, {}, {}};
    if (ids != nullptr) end.ids.assign(ids, ids + count);
    if (each != nullptr) end.each.assign(each, each + count);
    if (append.store.fault_.end) append.store.fault_.end(end);
    tell(append, end, count);
  }

  static void tell(const Append& append, const AppendEnd& end, std::size_t count) {
    evh_error error{};
    (void)fail(&error, end.code, end.message);
    for (std::size_t times = 0; times < append.store.fault_.times_done; ++times) {
      append.done(append.ctx, &error, end.ids.empty() ? nullptr : end.ids.data(),
                  end.each.empty() ? nullptr : end.each.data(), count);
    }
  }

  static evh_code scan(void* self, const evh_scan* query, evh_event_sink sink, evh_cancelled cancelled, void* ctx,
                       evh_error* error) {
    BrokenStore& store = *static_cast<BrokenStore*>(self);
    evh_scan changed = *query;
    if (store.fault_.refuse_scan) {
      const evh_code code = store.fault_.refuse_scan(*query);
      if (code != EVH_OK) return fail(error, code, "a broken store");
    }
    if (store.fault_.query) store.fault_.query(changed);
    Scan scan{store, sink, store.fault_.ignores_cancelled ? nullptr : cancelled, ctx};
    ++store.scans_running;
    const evh_event_store& good = store.FakeStore::table();
    const evh_code code = good.scan(good.self, &changed, &BrokenStore::take,
                                    scan.cancelled == nullptr ? nullptr : &BrokenStore::is_cancelled, &scan, error);
    --store.scans_running;
    return code;
  }

  static std::int32_t take(void* ctx, const evh_event* events, std::size_t count) {
    const Scan& scan = *static_cast<Scan*>(ctx);
    std::vector<StoredEvent> block;
    for (std::size_t index = 0; index < count; ++index) block.push_back(StoredEvent::copy_of(events[index]));
    if (scan.store.fault_.block) scan.store.fault_.block(block);
    std::vector<evh_event> lent;
    for (const StoredEvent& event : block) lent.push_back(event.lent());
    const std::int32_t enough = scan.sink(scan.ctx, lent.data(), lent.size());
    return scan.store.fault_.ignores_sink ? 0 : enough;
  }

  static std::int32_t is_cancelled(void* ctx) {
    const Scan& scan = *static_cast<Scan*>(ctx);
    return scan.cancelled(scan.ctx);
  }

  Append& keep(Append append) {
    const std::lock_guard lock(mutex_);
    return appends_.emplace_back(std::move(append));
  }

  const StoreFault fault_;
  const evh_event_store table_{this, &BrokenStore::append, &BrokenStore::scan};
  std::atomic<bool> is_closed_ = false;
  std::mutex mutex_;
  std::list<Append> appends_;
};

}  // namespace evh::testkit
