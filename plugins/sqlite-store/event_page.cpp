#include "event_page.h"

#include <cstring>

namespace evh::sqlite_store {

EventPage::EventPage() : texts_(kMostBytes) {}

bool EventPage::add(const evh_event& event) {
  const std::size_t size = event.action.size + event.metadata.size;
  if (events_.size() == kMostEvents) return false;
  if (size > texts_.size() - used_) {
    if (!events_.empty()) return false;
    texts_.resize(size);
  }
  evh_event& kept = events_.emplace_back(event);
  kept.action = keep(event.action);
  kept.metadata = keep(event.metadata);
  return true;
}

void EventPage::clear() noexcept {
  events_.clear();
  used_ = 0;
}

evh_str EventPage::keep(evh_str text) noexcept {
  char* const copy = texts_.data() + used_;
  if (text.size > 0) std::memcpy(copy, text.data, text.size);
  used_ += text.size;
  return {copy, text.size};
}

}  // namespace evh::sqlite_store
