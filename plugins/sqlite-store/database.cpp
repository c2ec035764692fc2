#include "database.h"

#include <cstring>
#include <limits>

namespace evh::sqlite_store {
namespace {

evh_code code_of(int result) noexcept {
  switch (result & 0xFF) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return EVH_INVALID;
    case SQLITE_NOMEM:
    case SQLITE_MISUSE:
    case SQLITE_INTERNAL:
      return EVH_INTERNAL;
    default:
      return EVH_UNAVAILABLE;
  }
}

// SQLite keeps errno for most calls, but not when a COMMIT fails at its log.
int system_error_of(sqlite3* connection) noexcept {
  if (const int error = sqlite3_system_errno(connection); error != 0) return error;
  sqlite3_file* log = nullptr;
  int error = 0;
  if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log != nullptr &&
      log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
  }
  return error;
}

[[noreturn]] void throw_error(sqlite3* connection, int result, std::string_view action) {
  std::string message(action);
  message += ": ";
  message += sqlite3_errmsg(connection);
  const int system_error = system_error_of(connection);
  const int primary = result & 0xFF;
  if (system_error != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)) {
    message += " (";
    message += std::strerror(system_error);
    message += ")";
  }
  throw DatabaseError(result, message);
}

void require_ok(sqlite3* connection, int result, std::string_view action) {
  if (result != SQLITE_OK) throw_error(connection, result, action);
}

}  // namespace

DatabaseError::DatabaseError(int result, const std::string& message)
    : Error(code_of(result), message), result_(result) {}

Statement::Statement(const Connection& connection, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  require_ok(connection.raw(),
             sqlite3_prepare_v3(connection.raw(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr), sql);
  statement_.reset(statement);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_stmt* const statement = statement_.get();
  require_ok(sqlite3_db_handle(statement), sqlite3_bind_int64(statement, parameter, value), "binding a number");
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  sqlite3_stmt* const statement = statement_.get();
  const char* const data = text.data() == nullptr ? "" : text.data();
  require_ok(sqlite3_db_handle(statement),
             sqlite3_bind_text64(statement, parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8),
             "binding a text");
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  sqlite3* const connection = sqlite3_db_handle(statement_.get());
  try {
    throw_error(connection, sqlite3_extended_errcode(connection), sqlite3_sql(statement_.get()));
  } catch (...) {
    sqlite3_reset(statement_.get());
    throw;
  }
}

std::int64_t Statement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* const data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) {
    sqlite3* const connection = sqlite3_db_handle(statement_.get());
    if (sqlite3_errcode(connection) == SQLITE_NOMEM) throw_error(connection, SQLITE_NOMEM, "reading a text");
    return {};
  }
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Connection::Connection(const std::filesystem::path& file, Access access, std::chrono::milliseconds patience) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);  // also a failed open leaves one behind
  require_ok(connection, result, "opening " + file.string());
  set_patience(patience);
}

void Connection::execute(const char* sql) const {
  const int result = sqlite3_exec(raw(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw_error(raw(), sqlite3_extended_errcode(raw()), std::string_view(sql).substr(0, 80));
}

std::int64_t Connection::integer(const char* sql) const {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Connection::text(const char* sql) const {
  Statement statement(*this, sql);
  return statement.step() ? std::string(statement.text(0)) : std::string();
}

void Connection::set_patience(std::chrono::milliseconds patience) const noexcept {
  sqlite3_busy_timeout(raw(), static_cast<int>(patience.count()));
}

bool Connection::has_moved() const noexcept {
  int moved = 0;
  sqlite3_file_control(raw(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

Connection::Checkpoint Connection::checkpoint() const {
  Checkpoint done{};
  const int result =
      sqlite3_wal_checkpoint_v2(raw(), "main", SQLITE_CHECKPOINT_PASSIVE, &done.log_frames, &done.copied_frames);
  // Busy: another checkpoint is under way, which is as good.
  if (result != SQLITE_OK && (result & 0xFF) != SQLITE_BUSY) throw_error(raw(), result, "checkpoint");
  return done;
}

Transaction::Transaction(const Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (connection_.in_transaction()) sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace evh::sqlite_store
