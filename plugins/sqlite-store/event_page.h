#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "evh/event_store.h"

namespace evh::sqlite_store {

// A few events with their texts, copied out of the database so that no transaction is held while they are used.
class EventPage {
 public:
  // At most; one event that is larger than all the bytes has a page of its own.
  static constexpr std::size_t kMostEvents = 500;
  static constexpr std::size_t kMostBytes = 64U << 10U;

  EventPage();

  // False: it is full. The texts are copied.
  [[nodiscard]] bool add(const evh_event& event);
  void clear() noexcept;

  [[nodiscard]] const std::vector<evh_event>& events() const noexcept { return events_; }

 private:
  evh_str keep(evh_str text) noexcept;

  std::vector<evh_event> events_;
  std::vector<char> texts_;
  std::size_t used_ = 0;
};

}  // namespace evh::sqlite_store
