// The events database as a file: made, checked and opened.
#pragma once

#include <filesystem>

#include "database.h"

namespace evh::sqlite_store {

// Makes the folders (mode 0700) and the file (mode 0600) that are missing, refuses a file that is not ours, and brings
// the schema up to date. Throws Error with one line that names the file and what to do. Returns how many migrations it
// applied.
int prepare_database(const std::filesystem::path& file);

// These need a prepared file; one that has vanished since is not made anew, and one that has been put in its place must
// be ours, too.
// The writer's connection: COMMIT returns when the data is on disk; no checkpoints by itself; does not wait for locks.
[[nodiscard]] Connection open_for_writing(const std::filesystem::path& file);
[[nodiscard]] Connection open_for_reading(const std::filesystem::path& file);
// For checkpoints only.
[[nodiscard]] Connection open_for_checkpoints(const std::filesystem::path& file);

}  // namespace evh::sqlite_store
