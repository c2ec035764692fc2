// The writer's connection and its statements.
#pragma once

#include <cstdint>
#include <filesystem>

#include "database.h"
#include "evh/event_store.h"

namespace evh::sqlite_store {

// Everything throws DatabaseError. After a failure the transaction may be open or not: roll_back().
class EventTable {
 public:
  explicit EventTable(const std::filesystem::path& file);
  EventTable(const EventTable&) = delete;
  EventTable& operator=(const EventTable&) = delete;

  // False: another process writes.
  [[nodiscard]] bool try_begin();
  // Returns the id. A failure that is_refusal() leaves the transaction as it was before the call.
  std::int64_t insert(const evh_new_event& event, evh_time created_at);
  void commit() { commit_.step(); }
  void roll_back() noexcept;

  // Writes and commits a page without changing anything. Throws also when another process writes.
  void write_nothing();
  [[nodiscard]] bool contains(std::int64_t id);

  // Frames in the write-ahead log after the last commit.
  [[nodiscard]] int log_frames() const noexcept { return log_frames_; }
  // Copies the log into the database. True: all of it, and the next transaction begins it anew unless somebody reads.
  bool checkpoint();

  // The row is to blame, not the database.
  [[nodiscard]] bool is_refusal(const DatabaseError& failure) const noexcept;

 private:
  Connection connection_;
  Statement begin_, insert_, commit_, roll_back_;
  int log_frames_ = 0;
};

}  // namespace evh::sqlite_store
