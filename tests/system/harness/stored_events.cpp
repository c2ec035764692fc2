#include "harness/stored_events.h"

#include <sqlite3.h>

#include <fstream>
#include <functional>
#include <stdexcept>

namespace evh::system_test {
namespace {

std::filesystem::path file_in(const testkit::TempFolder& folder) {
  return folder.path() / "events.db";
}

using Row = std::function<void(sqlite3_stmt*)>;

void run(sqlite3* connection, const std::string& sql, const Row& take_row = {}) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW && take_row) take_row(statement);
  }
  sqlite3_finalize(statement);
  if (code != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(connection));
}

std::int64_t number_from(sqlite3* connection, const std::string& sql) {
  std::int64_t number = 0;
  run(connection, sql, [&number](sqlite3_stmt* row) { number = sqlite3_column_int64(row, 0); });
  return number;
}

}  // namespace

Configuration::Settings StoredEvents::settings(const testkit::TempFolder& folder) {
  return {{"path", file_in(folder).string()}};
}

StoredEvents::StoredEvents(const testkit::TempFolder& folder) : file_(file_in(folder)), connection_(open(file_)) {}

StoredEvents::Connection StoredEvents::open(const std::filesystem::path& file) {
  constexpr int kBusyMilliseconds = 10'000;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  Connection connection(opened, [](sqlite3* closed) { sqlite3_close(closed); });
  if (code != SQLITE_OK) throw std::runtime_error("cannot open " + file.string() + ": " + sqlite3_errstr(code));
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  return connection;
}

std::vector<std::string> StoredEvents::actions() const {
  std::vector<std::string> actions;
  run(connection_.get(), "SELECT action FROM events ORDER BY id", [&actions](sqlite3_stmt* row) {
    actions.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(row, 0)));
  });
  return actions;
}

std::int64_t StoredEvents::count() const {
  return number_from(connection_.get(), "SELECT count(*) FROM events");
}

void StoredEvents::insert(std::int64_t user_id, std::string_view action, std::string_view metadata,
                          std::int64_t created_at) {
  run(connection_.get(), "INSERT INTO events (user_id, action, metadata, created_at) VALUES (" +
                             std::to_string(user_id) + ", '" + std::string(action) + "', '" + std::string(metadata) +
                             "', " + std::to_string(created_at) + ")");
}

void StoredEvents::fill(std::int64_t count, std::int64_t first) {
  run(connection_.get(), "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
                             std::to_string(count) +
                             ") INSERT INTO events (user_id, action, metadata, created_at) "
                             "SELECT 1, 'fill', '{\"page\":\"/home\"}', " +
                             std::to_string(first) + " + i FROM n");
}

std::shared_ptr<void> StoredEvents::block_writers() {
  Connection blocker = open(file_);
  run(blocker.get(), "BEGIN IMMEDIATE");
  return blocker;
}

void StoredEvents::damage_the_middle() {
  run(connection_.get(), "PRAGMA wal_checkpoint(TRUNCATE)");
  const std::int64_t page_bytes = number_from(connection_.get(), "PRAGMA page_size");
  const std::int64_t page =
      number_from(connection_.get(),
                  "WITH leaf(pageno, place) AS (SELECT pageno, row_number() OVER (ORDER BY path) FROM dbstat "
                  "WHERE name = 'events' AND pagetype = 'leaf') "
                  "SELECT pageno FROM leaf WHERE place = (SELECT max(place) / 2 FROM leaf)");
  if (page < 2) throw std::runtime_error("too few events to damage");
  std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp((page - 1) * page_bytes);
  file << std::string(static_cast<std::size_t>(page_bytes), '\xff');
  if (!file.flush()) throw std::runtime_error("cannot damage " + file_.string());
}

}  // namespace evh::system_test
