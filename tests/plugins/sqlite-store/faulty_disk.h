// A disk underneath SQLite that can fail, and that can lose its power: it knows what was synced and what was only
// written. While it lives it is SQLite's default file system for the whole process, the plugin included.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace evh::sqlite_store::test {

enum class DiskCall { kWrite, kSync };

// Only one at a time; make it before the first connection and destroy it after the last.
class FaultyDisk {
 public:
  explicit FaultyDisk(std::uint64_t seed = 1);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // From now on `call` on files whose name ends with `ending` fails with this result of SQLite: `times` times, after it
  // has worked `after` times. A write that fails is half done; a sync that fails loses what it should have kept, all or
  // a part of it, and so do kernels: the next sync knows nothing of it.
  void fail(DiskCall call, std::string ending, int result, int times = 1'000'000'000, int after = 0);
  void work();
  // How often a fault of fail() has struck since.
  [[nodiscard]] int faults() const;
  // Called within each sync of such a file, before it is done; empty: nothing is.
  void watch_syncs(std::string ending, std::function<void()> watch);

  [[nodiscard]] int syncs(const std::string& ending) const;

  // What the disk holds when the power goes now, as new files in `folder`: all that was synced, and of the rest a
  // random part, sector by sector.
  void cut_power(const std::filesystem::path& folder);

 private:
  friend struct FaultyFile;
  struct Write {
    sqlite3_int64 offset;
    std::vector<char> data;  // of a truncation: none
    bool is_truncation;
  };
  struct Content {
    std::vector<char> durable;
    std::vector<Write> pending;
    int syncs = 0;
  };
  struct Fault {
    DiskCall call;
    std::string ending;
    int result, times, after;
  };

  std::shared_ptr<Content> open(const std::string& path);
  void forget(const std::string& path);
  std::optional<int> fault_of(DiskCall call, const std::string& path);
  void keep_some(Content& content);
  static void apply(std::vector<char>& bytes, const Write& write, std::size_t begin, std::size_t end);

  mutable std::mutex mutex_;
  sqlite3_vfs vfs_{};
  sqlite3_vfs* const real_;
  std::mt19937_64 random_;
  std::map<std::string, std::shared_ptr<Content>> contents_;
  std::optional<Fault> fault_;
  int faults_ = 0;
  std::string watched_;
  std::function<void()> watch_;
};

}  // namespace evh::sqlite_store::test
