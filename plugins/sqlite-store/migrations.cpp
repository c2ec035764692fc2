#include "migrations.h"

#include <cstdio>
#include <string>

#include "evh/error.hpp"

namespace evh::sqlite_store {
namespace {

std::string file_name(const Migration& migration) {
  char number[16];
  std::snprintf(number, sizeof number, "%04d_", migration.number);
  return number + std::string(migration.name) + ".sql";
}

bool is_empty(const Connection& connection) {
  return connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
}

// What several queries see is of one moment. Inside of a transaction, too.
class Snapshot {
 public:
  explicit Snapshot(const Connection& connection) : connection_(connection) {
    connection_.execute("SAVEPOINT snapshot");
  }
  ~Snapshot() { sqlite3_exec(connection_.raw(), "RELEASE snapshot", nullptr, nullptr, nullptr); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  const Connection& connection_;
};

void apply(const Connection& connection, const Migration& migration) {
  try {
    connection.execute(migration.sql);
    connection.execute(("PRAGMA user_version = " + std::to_string(migration.number)).c_str());
  } catch (const DatabaseError& failure) {
    throw Error(failure.code(),
                "migration " + file_name(migration) + " failed, nothing was changed: " + failure.what());
  }
}

}  // namespace

void check_owner(const Connection& connection, std::span<const Migration> known) {
  const Snapshot snapshot(connection);  // another process may be migrating
  const std::int64_t application = connection.integer("PRAGMA application_id");
  const std::int64_t version = connection.integer("PRAGMA user_version");
  const bool is_ours = application == kApplicationId;
  const bool is_new = application == 0 && version == 0 && is_empty(connection);
  if (!is_ours && !is_new) {
    throw Error(EVH_INVALID, "it is the database of another program (application_id " + std::to_string(application) +
                                 ", user_version " + std::to_string(version) + "): set `path` to another file");
  }
  if (version < 0) throw Error(EVH_INVALID, "its user_version is " + std::to_string(version) + ": it is damaged");
  if (version > static_cast<std::int64_t>(known.size())) {
    throw Error(EVH_INVALID, "its schema has version " + std::to_string(version) +
                                 ", this release knows versions up to " + std::to_string(known.size()) +
                                 ": run the newer release that made it");
  }
}

int migrate(const Connection& connection, std::span<const Migration> known) {
  const auto version = [&] { return static_cast<std::size_t>(connection.integer("PRAGMA user_version")); };
  if (version() == known.size()) return 0;

  Transaction transaction(connection);
  check_owner(connection, known);  // again: another process may have been here before the lock was ours
  int applied = 0;
  for (const Migration& migration : known.subspan(version())) {
    apply(connection, migration);
    ++applied;
  }
  connection.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  transaction.commit();
  return applied;
}

}  // namespace evh::sqlite_store
