#include "database_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>

#include "evh/error.hpp"
#include "migrations.h"

namespace evh::sqlite_store {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long a start waits for another process that migrates or recovers the same file.
constexpr milliseconds kStartPatience{10'000};
// A reader waits only while another process recovers the log after a crash.
constexpr milliseconds kReadPatience{1'000};

[[noreturn]] void throw_system_error(const std::string& action, const std::filesystem::path& path) {
  const int error = errno;
  throw Error(EVH_UNAVAILABLE, action + " " + path.string() + ": " + std::strerror(error));
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_system_error("cannot open the folder", folder);
  const int result = fsync(descriptor);
  close(descriptor);
  if (result != 0) throw_system_error("cannot sync the folder", folder);
}

void make_folders(const std::filesystem::path& folder) {
  std::error_code unknown;  // then creating it tells why
  if (folder.empty() || std::filesystem::is_directory(folder, unknown)) return;
  make_folders(folder.parent_path());
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw_system_error("cannot create the folder", folder);
  sync_folder(folder.parent_path());
}

// Only a file that does not exist is opened here: closing a descriptor of an open database would drop its locks.
void make_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    if (errno == EEXIST) return;
    throw_system_error("cannot create the database", file);
  }
  close(descriptor);
  sync_folder(file.parent_path());
}

// SQLite answers BUSY at once when two processes turn the log on in the same moment.
void turn_on_write_ahead_log(const Connection& connection) {
  const auto deadline = steady_clock::now() + kStartPatience;
  while (true) {
    try {
      const std::string mode = connection.text("PRAGMA journal_mode = WAL");
      if (mode == "wal") return;
      throw Error(EVH_UNAVAILABLE, "its file system cannot hold a write-ahead log (journal mode stays '" + mode +
                                       "'): keep the database on a local disk");
    } catch (const DatabaseError& failure) {
      if (failure.primary() != SQLITE_BUSY || steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
}

int open_and_migrate(const std::filesystem::path& file) {
  const Connection connection(file, Connection::Access::kWrite, kStartPatience);
  check_owner(connection, migrations());
  if (sqlite3_db_readonly(connection.raw(), "main") != 0) {
    throw Error(EVH_UNAVAILABLE, "it is read-only for this user: make the file and its folder writable");
  }
  connection.execute("PRAGMA synchronous = FULL");
  turn_on_write_ahead_log(connection);
  return migrate(connection, migrations());
}

}  // namespace

int prepare_database(const std::filesystem::path& file) {
  std::error_code unknown;  // then opening it tells why
  if (std::filesystem::is_directory(file, unknown)) {
    throw Error(EVH_INVALID, "cannot use the database " + file.string() + ": it is a folder; `path` must name a file");
  }
  make_folders(file.parent_path());
  make_file(file);
  try {
    return open_and_migrate(file);
  } catch (const DatabaseError& failure) {
    std::string message = "cannot use the database " + file.string() + ": " + failure.what();
    if (failure.primary() == SQLITE_NOTADB) message += "; set `path` to another file";
    if (failure.primary() == SQLITE_READONLY || failure.primary() == SQLITE_CANTOPEN) {
      message += "; make the file and its folder writable for this user";
    }
    if (failure.primary() == SQLITE_BUSY) message += "; another process has kept it locked for 10 s";
    throw Error(failure.code(), message);
  } catch (const Error& failure) {
    throw Error(failure.code(), "cannot use the database " + file.string() + ": " + failure.what());
  }
}

Connection open_for_writing(const std::filesystem::path& file) {
  Connection connection(file, Connection::Access::kWrite, milliseconds(0));
  check_owner(connection, migrations());
  connection.execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA journal_size_limit = 67108864;"
      "PRAGMA cache_size = -4096;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA secure_delete = OFF;"
      "PRAGMA mmap_size = 0;");
  return connection;
}

Connection open_for_reading(const std::filesystem::path& file) {
  Connection connection(file, Connection::Access::kRead, kReadPatience);
  connection.execute(
      "PRAGMA cache_size = -512;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA mmap_size = 0;");
  return connection;
}

Connection open_for_checkpoints(const std::filesystem::path& file) {
  Connection connection(file, Connection::Access::kWrite, milliseconds(0));
  connection.execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA cache_size = -64;"
      "PRAGMA mmap_size = 0;");
  return connection;
}

}  // namespace evh::sqlite_store
