#include "event_table.h"

#include "database_file.h"
#include "evh/text.hpp"

namespace evh::sqlite_store {

EventTable::EventTable(const std::filesystem::path& file)
    : connection_(open_for_writing(file)),
      begin_(connection_, "BEGIN IMMEDIATE"),
      insert_(connection_, "INSERT INTO events (user_id, action, metadata, created_at) VALUES (?1, ?2, ?3, ?4)"),
      commit_(connection_, "COMMIT"),
      roll_back_(connection_, "ROLLBACK") {
  const auto remember_frames = [](void* self, sqlite3*, const char*, int frames) {
    static_cast<EventTable*>(self)->log_frames_ = frames;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.raw(), remember_frames, this);
}

bool EventTable::try_begin() {
  if (connection_.has_moved()) {
    throw DatabaseError(SQLITE_READONLY_DBMOVED,
                        "the database file was moved or deleted while it was open: put it back, or restart");
  }
  try {
    begin_.step();
    return true;
  } catch (const DatabaseError& failure) {
    if (failure.primary() == SQLITE_BUSY) return false;
    throw;
  }
}

std::int64_t EventTable::insert(const evh_new_event& event, evh_time created_at) {
  insert_.bind(1, event.user_id).bind(2, view(event.action)).bind(3, view(event.metadata)).bind(4, created_at).step();
  return connection_.last_insert_id();
}

void EventTable::roll_back() noexcept {
  if (!connection_.in_transaction()) return;
  try {
    roll_back_.step();
  } catch (const DatabaseError&) {
    // The connection is given up after a failure, which rolls back as well.
  }
}

void EventTable::write_nothing() {
  if (!try_begin()) throw DatabaseError(SQLITE_BUSY, "another process writes");
  try {
    connection_.execute(("PRAGMA user_version = " + connection_.text("PRAGMA user_version")).c_str());
    commit_.step();
  } catch (...) {
    roll_back();
    throw;
  }
}

bool EventTable::checkpoint() {
  const Connection::Checkpoint done = connection_.checkpoint();
  return done.log_frames >= 0 && done.copied_frames == done.log_frames;
}

bool EventTable::contains(std::int64_t id) {
  return Statement(connection_, "SELECT 1 FROM events WHERE id = ?1").bind(1, id).step();
}

bool EventTable::is_refusal(const DatabaseError& failure) const noexcept {
  return failure.code() == EVH_INVALID && connection_.in_transaction();
}

}  // namespace evh::sqlite_store
