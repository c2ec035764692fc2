#include "event_reader.h"

#include "database_file.h"
#include "evh/text.hpp"

namespace evh::sqlite_store {
namespace {

// ?1 the position's time, ?2 its id, ?3 the last time, ?4 the user. One statement with (created_at, id) > (?1, ?2)
// would step over every event of the position's time again for each page: SQLite does not use the id at the index's end
// for that.
#define EVENTS "SELECT id, user_id, action, metadata, created_at FROM events WHERE "
constexpr EventReader::Sql kSql[2][2] = {
    {{EVENTS "created_at = ?1 AND id > ?2 ORDER BY id",
      EVENTS "created_at > ?1 AND created_at <= ?3 ORDER BY created_at, id"},
     {EVENTS "created_at = ?1 AND id < ?2 ORDER BY id DESC",
      EVENTS "created_at < ?1 AND created_at >= ?3 ORDER BY created_at DESC, id DESC"}},
    {{EVENTS "user_id = ?4 AND created_at = ?1 AND id > ?2 ORDER BY id",
      EVENTS "user_id = ?4 AND created_at > ?1 AND created_at <= ?3 ORDER BY created_at, id"},
     {EVENTS "user_id = ?4 AND created_at = ?1 AND id < ?2 ORDER BY id DESC",
      EVENTS "user_id = ?4 AND created_at < ?1 AND created_at >= ?3 ORDER BY created_at DESC, id DESC"}}};
#undef EVENTS

evh_event event_of(const Statement& row) {
  return {row.integer(0), row.integer(1), str(row.text(2)), str(row.text(3)), row.integer(4)};
}

// False: `take` wants no more.
bool hand_over_rows(Statement& statement, const std::function<bool(const evh_event&)>& take) {
  struct Reset {
    Statement& statement;
    ~Reset() { statement.reset(); }
  } const end_of_transaction{statement};
  while (statement.step()) {
    if (!take(event_of(statement))) return false;
  }
  return true;
}

}  // namespace

EventReader::EventReader(const std::filesystem::path& file) : connection_(open_for_reading(file)) {}

EventReader::Sql EventReader::sql(bool of_one_user, bool is_descending) noexcept {
  return kSql[of_one_user ? 1 : 0][is_descending ? 1 : 0];
}

EventReader::Statements& EventReader::statements(bool of_one_user, bool is_descending) {
  std::optional<Statements>& cached = statements_[of_one_user ? 1 : 0][is_descending ? 1 : 0];
  if (!cached) {
    const Sql texts = sql(of_one_user, is_descending);
    cached.emplace(Statements{Statement(connection_, texts.same_time), Statement(connection_, texts.later)});
  }
  return *cached;
}

bool EventReader::read(const Walk& walk, Position from, const std::function<bool(const evh_event&)>& take) {
  auto& [same_time, later] = statements(walk.user_id.has_value(), walk.is_descending);
  same_time.bind(1, from.time).bind(2, from.id);
  later.bind(1, from.time).bind(3, walk.last);
  if (walk.user_id) {
    same_time.bind(4, *walk.user_id);
    later.bind(4, *walk.user_id);
  }
  return hand_over_rows(same_time, take) && hand_over_rows(later, take);
}

}  // namespace evh::sqlite_store
