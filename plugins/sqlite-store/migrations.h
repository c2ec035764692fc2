// The schema's history: the files of sql/sqlite, in the order of their numbers, built into the plugin.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "database.h"

namespace evh::sqlite_store {

struct Migration {
  int number;             // 1, 2, ...; the database keeps the last one applied in PRAGMA user_version
  std::string_view name;  // of the file, without number and ending
  const char* sql;
};

// PRAGMA application_id of our databases ("EvHs"), so that nobody else's file is ever written to.
inline constexpr std::int64_t kApplicationId = 0x45764873;

[[nodiscard]] std::span<const Migration> migrations() noexcept;

// Throws Error with EVH_INVALID when the database is somebody else's or of a newer release. Changes nothing.
void check_owner(const Connection& connection, std::span<const Migration> known);

// Applies, in one transaction, what the database lacks, and returns how many that were. Processes that start at the
// same time wait for one another. Nothing is changed when it throws.
int migrate(const Connection& connection, std::span<const Migration> known);

}  // namespace evh::sqlite_store
