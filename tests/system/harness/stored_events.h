#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evh/testkit/temp_folder.h"
#include "harness/configuration.h"

struct sqlite3;

namespace evh::system_test {

/// The store that the tests run on, and its events seen behind the program's back. All that the tests know of SQLite
/// is in here. Throws std::runtime_error when the database cannot do what is asked.
class StoredEvents {
 public:
  /// Of the server that has this folder; it must have created its tables.
  explicit StoredEvents(const testkit::TempFolder& folder);

  /// The plugin's name, and the settings that put its data into `folder`.
  static constexpr std::string_view kPlugin = "sqlite-store";
  static Configuration::Settings settings(const testkit::TempFolder& folder);

  /// The actions of all events, by id.
  std::vector<std::string> actions() const;

  std::int64_t count() const;

  /// One event; `metadata` is JSON, `created_at` in microseconds since 1970. None of them may have a quote.
  void insert(std::int64_t user_id, std::string_view action, std::string_view metadata, std::int64_t created_at);

  /// `count` events of user 1 with the action "fill", the first at `first`, each a microsecond after the one before.
  void fill(std::int64_t count, std::int64_t first);

  /// Nobody else can write as long as the result lives.
  [[nodiscard]] std::shared_ptr<void> block_writers();

  /// Overwrites events in the middle of the file, so that they cannot be read any more. No server may be running.
  void damage_the_middle();

 private:
  using Connection = std::shared_ptr<sqlite3>;

  static Connection open(const std::filesystem::path& file);

  std::filesystem::path file_;
  Connection connection_;
};

}  // namespace evh::system_test
