// A reading connection and its statements, one for each way to walk through the events.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "database.h"
#include "evh/event_store.h"

namespace evh::sqlite_store {

// A place between events, in (created_at, id) order.
struct Position {
  evh_time time;
  std::int64_t id;
};

// Which events to walk through, in which direction.
struct Walk {
  std::optional<std::int64_t> user_id;
  bool is_descending;
  evh_time last;  // bound in the direction of the walk, inclusive
};

class EventReader {
 public:
  explicit EventReader(const std::filesystem::path& file);

  // Hands every event behind `from` to `take`, in order, until that returns false; the texts are valid for the call.
  // True: there are no more. A transaction is held during the call. Throws DatabaseError.
  bool read(const Walk& walk, Position from, const std::function<bool(const evh_event&)>& take);

  [[nodiscard]] bool has_moved() const noexcept { return connection_.has_moved(); }
  [[nodiscard]] const Connection& connection() const noexcept { return connection_; }

  // The SQL of a walk's two statements, for tests of their query plans.
  struct Sql {
    const char* same_time;  // events at the position's time with a later id
    const char* later;      // events at later times
  };
  [[nodiscard]] static Sql sql(bool of_one_user, bool is_descending) noexcept;

 private:
  struct Statements {
    Statement same_time, later;
  };
  Statements& statements(bool of_one_user, bool is_descending);

  Connection connection_;
  std::optional<Statements> statements_[2][2];
};

}  // namespace evh::sqlite_store
