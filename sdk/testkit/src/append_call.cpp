#include "evh/testkit/append_call.h"

namespace evh::testkit {

bool AppendEnd::stored(std::size_t index) const {
  return code == EVH_OK && (each.empty() || each[index] == EVH_OK);
}

AppendCall::AppendCall(std::vector<NewEvent> events, std::function<void()> then)
    : events_(std::move(events)), then_(std::move(then)) {
  for (const NewEvent& event : events_) lent_.push_back(event.lent());
}

void AppendCall::begin(const evh_event_store& store, Span max_wait) {
  store.append(store.self, lent_.data(), lent_.size(), max_wait.count(), &AppendCall::done, this);
}

bool AppendCall::wait(Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return times_done_ > 0; });
}

std::size_t AppendCall::times_done() const {
  const std::lock_guard lock(mutex_);
  return times_done_;
}

AppendEnd AppendCall::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

void AppendCall::done(void* ctx, const evh_error* error, const std::int64_t* ids, const evh_code* each,
                      std::size_t count) {
  AppendCall& call = *static_cast<AppendCall*>(ctx);
  AppendEnd end{error->code, error->message, {}, {}};
  if (ids != nullptr) end.ids.assign(ids, ids + count);
  if (each != nullptr) end.each.assign(each, each + count);
  bool is_first = false;
  {
    const std::lock_guard lock(call.mutex_);
    is_first = ++call.times_done_ == 1;
    if (is_first) call.end_ = std::move(end);
    call.changed_.notify_all();
  }
  if (is_first && call.then_) call.then_();
}

}  // namespace evh::testkit
