#include "evh/testkit/stored_event.h"

#include <ostream>

#include "evh/text.hpp"

namespace evh::testkit {

evh_new_event NewEvent::lent() const noexcept {
  return {user_id, str(action), str(metadata), created_at};
}

StoredEvent StoredEvent::copy_of(const evh_event& event) {
  return {event.id, event.user_id, std::string(view(event.action)), std::string(view(event.metadata)),
          event.created_at};
}

evh_event StoredEvent::lent() const noexcept {
  return {id, user_id, str(action), str(metadata), created_at};
}

std::ostream& operator<<(std::ostream& out, const StoredEvent& event) {
  constexpr std::size_t kShown = 200;
  return out << "{id " << event.id << ", user " << event.user_id << ", action \"" << event.action.substr(0, kShown)
             << "\", metadata " << event.metadata.substr(0, kShown) << ", created_at " << event.created_at << '}';
}

}  // namespace evh::testkit
