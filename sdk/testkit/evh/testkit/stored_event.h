// Events with texts of their own: as they are appended, and as a store has them.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "evh/event_store.h"

namespace evh::testkit {

struct NewEvent {
  std::int64_t user_id = 1;
  std::string action = "login";
  std::string metadata = "{}";
  evh_time created_at = 0;

  // Lends the texts: good as long as this event is neither changed nor moved.
  [[nodiscard]] evh_new_event lent() const noexcept;
};

struct StoredEvent {
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  std::string action;
  std::string metadata;
  evh_time created_at = 0;

  [[nodiscard]] static StoredEvent copy_of(const evh_event& event);
  // Lends the texts: good as long as this event is neither changed nor moved.
  [[nodiscard]] evh_event lent() const noexcept;

  friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

std::ostream& operator<<(std::ostream& out, const StoredEvent& event);

}  // namespace evh::testkit
