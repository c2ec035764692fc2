// SQLite's C interface as types that clean up after themselves. Each object is used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "evh/error.hpp"

namespace evh::sqlite_store {

// A call of SQLite failed. The message names the action, SQLite's words and, when the system was to blame, its words
// too.
class DatabaseError : public Error {
 public:
  DatabaseError(int result, const std::string& message);

  // SQLite's extended result code, SQLITE_IOERR_FSYNC for one, and the plain one, SQLITE_IOERR.
  [[nodiscard]] int result() const noexcept { return result_; }
  [[nodiscard]] int primary() const noexcept { return result_ & 0xFF; }

 private:
  int result_;
};

class Connection;

// A prepared statement. Must not outlive its connection.
class Statement {
 public:
  Statement(const Connection& connection, const char* sql);

  // Parameters count from 1. A text is borrowed until it is bound again or the statement has finished.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);

  // True: a row is there. False: finished, and ready to run again. When it throws it is ready to run again, too.
  bool step();
  // Ends a run before its last row.
  void reset() noexcept { sqlite3_reset(statement_.get()); }

  // Of the row that step() found; columns count from 0. A text is borrowed until the next step or reset.
  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::string_view text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Connection {
 public:
  enum class Access { kRead, kWrite };

  // The file must exist. Waits at most `patience` for locks of others in every call.
  Connection(const std::filesystem::path& file, Access access, std::chrono::milliseconds patience);

  // One or several statements; their rows are ignored.
  void execute(const char* sql) const;
  // The first column of the first row.
  [[nodiscard]] std::int64_t integer(const char* sql) const;
  [[nodiscard]] std::string text(const char* sql) const;

  void set_patience(std::chrono::milliseconds patience) const noexcept;
  [[nodiscard]] bool in_transaction() const noexcept { return sqlite3_get_autocommit(raw()) == 0; }
  [[nodiscard]] std::int64_t last_insert_id() const noexcept { return sqlite3_last_insert_rowid(raw()); }
  // The file under its name is no longer the one that was opened: what is written now would be lost.
  [[nodiscard]] bool has_moved() const noexcept;

  // Copies what the write-ahead log holds into the database file, as far as that disturbs nobody. Both numbers are -1
  // when another checkpoint is under way.
  struct Checkpoint {
    int log_frames, copied_frames;
  };
  Checkpoint checkpoint() const;

  [[nodiscard]] sqlite3* raw() const noexcept { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

// BEGIN IMMEDIATE now, ROLLBACK at the end of the scope unless commit() succeeded.
class Transaction {
 public:
  explicit Transaction(const Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() { connection_.execute("COMMIT"); }

 private:
  const Connection& connection_;
};

}  // namespace evh::sqlite_store
