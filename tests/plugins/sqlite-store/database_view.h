// The database as another program sees it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace evh::sqlite_store::test {

// A connection of its own, past every fault that is made underneath the plugin. Throws std::runtime_error when SQLite
// fails.
class DatabaseView {
 public:
  explicit DatabaseView(const std::filesystem::path& file, int flags = SQLITE_OPEN_READWRITE) {
    sqlite3* connection = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &connection, flags, "unix");
    connection_.reset(connection);
    if (result != SQLITE_OK) throw std::runtime_error(file.string() + ": " + sqlite3_errstr(result));
    sqlite3_busy_timeout(connection, kBusyMilliseconds);
  }

  // One column of every row.
  std::vector<std::string> column(const std::string& sql, int number = 0) const {
    sqlite3_stmt* statement = nullptr;
    int result = sqlite3_prepare_v2(connection_.get(), sql.c_str(), -1, &statement, nullptr);
    std::vector<std::string> values;
    while (result == SQLITE_OK || result == SQLITE_ROW) {
      result = sqlite3_step(statement);
      if (result != SQLITE_ROW) break;
      const unsigned char* const text = sqlite3_column_text(statement, number);
      values.emplace_back(text == nullptr ? "NULL" : reinterpret_cast<const char*>(text));
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(connection_.get()));
    return values;
  }
  void run(const std::string& sql) const { static_cast<void>(column(sql)); }
  [[nodiscard]] std::string value(const std::string& sql) const { return column(sql).at(0); }

  [[nodiscard]] std::vector<std::string> actions() const { return column("SELECT action FROM events ORDER BY id"); }
  [[nodiscard]] std::string integrity() const { return value("PRAGMA integrity_check"); }

 private:
  static constexpr int kBusyMilliseconds = 10'000;

  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace evh::sqlite_store::test
