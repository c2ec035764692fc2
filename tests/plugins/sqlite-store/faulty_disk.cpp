#include "faulty_disk.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <new>

namespace evh::sqlite_store::test {

// What SQLite allocates for an open file: this, and the real one's behind it.
struct FaultyFile {
  sqlite3_file base;
  FaultyDisk* disk;
  std::string path;
  std::shared_ptr<FaultyDisk::Content> content;  // nullptr: no file that is watched

  static FaultyFile& of(sqlite3_file* file) { return *reinterpret_cast<FaultyFile*>(file); }
  static sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(FaultyFile));
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& disk = *static_cast<FaultyDisk*>(vfs->pAppData);
    file->pMethods = nullptr;
    real_of(file)->pMethods = nullptr;
    const int result = disk.real_->xOpen(disk.real_, name, real_of(file), flags, out_flags);
    if (result != SQLITE_OK) return result;
    const bool is_watched = name != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
    new (file) FaultyFile{{&kMethods}, &disk, is_watched ? name : "", is_watched ? disk.open(name) : nullptr};
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& disk = *static_cast<FaultyDisk*>(vfs->pAppData);
    const int result = disk.real_->xDelete(disk.real_, name, sync_folder);
    if (result == SQLITE_OK) disk.forget(name);
    return result;
  }

  static int close(sqlite3_file* file) {
    const int result = real_of(file)->pMethods->xClose(real_of(file));
    of(file).~FaultyFile();
    return result;
  }

  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    FaultyFile& self = of(file);
    const std::optional<int> fault = self.disk->fault_of(DiskCall::kWrite, self.path);
    const int written = fault ? size / 2 : size;
    const int result = written == 0 ? SQLITE_OK : real_of(file)->pMethods->xWrite(real_of(file), data, written, offset);
    if (result == SQLITE_OK && self.content != nullptr) {
      const auto* const bytes = static_cast<const char*>(data);
      const std::lock_guard lock(self.disk->mutex_);
      self.content->pending.push_back({offset, {bytes, bytes + written}, false});
    }
    return fault.value_or(result);
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    FaultyFile& self = of(file);
    const int result = real_of(file)->pMethods->xTruncate(real_of(file), size);
    if (result == SQLITE_OK && self.content != nullptr) {
      const std::lock_guard lock(self.disk->mutex_);
      self.content->pending.push_back({size, {}, true});
    }
    return result;
  }

  static int sync(sqlite3_file* file, int flags) {
    FaultyFile& self = of(file);
    if (self.content == nullptr) return real_of(file)->pMethods->xSync(real_of(file), flags);
    std::function<void()> watch;
    {
      const std::lock_guard lock(self.disk->mutex_);
      if (self.path.ends_with(self.disk->watched_)) watch = self.disk->watch_;
    }
    if (watch) watch();
    const std::optional<int> fault = self.disk->fault_of(DiskCall::kSync, self.path);
    const std::lock_guard lock(self.disk->mutex_);
    if (fault) {
      self.disk->keep_some(*self.content);
      return *fault;
    }
    // Nothing is really synced: the tests are about what would be.
    for (const FaultyDisk::Write& write : self.content->pending) {
      FaultyDisk::apply(self.content->durable, write, 0, write.data.size());
    }
    self.content->pending.clear();
    ++self.content->syncs;
    return SQLITE_OK;
  }

  static int control(sqlite3_file* file, int operation, void* argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
  }

#define FORWARD(name, function, parameters, ...)                          \
  static int name parameters {                                            \
    return real_of(file)->pMethods->function(real_of(file), __VA_ARGS__); \
  }
  FORWARD(read, xRead, (sqlite3_file * file, void* data, int size, sqlite3_int64 offset), data, size, offset)
  FORWARD(size, xFileSize, (sqlite3_file * file, sqlite3_int64* size), size)
  FORWARD(lock, xLock, (sqlite3_file * file, int level), level)
  FORWARD(unlock, xUnlock, (sqlite3_file * file, int level), level)
  FORWARD(check_lock, xCheckReservedLock, (sqlite3_file * file, int* result), result)
  FORWARD(map, xShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile** out), page, size, extend,
          out)
  FORWARD(lock_map, xShmLock, (sqlite3_file * file, int offset, int count, int flags), offset, count, flags)
  FORWARD(unmap, xShmUnmap, (sqlite3_file * file, int is_deleted), is_deleted)
#undef FORWARD
  static void barrier(sqlite3_file* file) {
    real_of(file)->pMethods->xShmBarrier(real_of(file));
  }
  static int sector_size(sqlite3_file* file) {
    return real_of(file)->pMethods->xSectorSize(real_of(file));
  }
  static int characteristics(sqlite3_file* file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
  }

  static const sqlite3_io_methods kMethods;
};

// Version 2: with a write-ahead log, without memory-mapped reading.
const sqlite3_io_methods FaultyFile::kMethods = {
    2,           close,           read, write,    truncate, sync,  size,    lock,   unlock, check_lock, control,
    sector_size, characteristics, map,  lock_map, barrier,  unmap, nullptr, nullptr};

FaultyDisk::FaultyDisk(std::uint64_t seed) : real_(sqlite3_vfs_find("unix")), random_(seed) {
  vfs_ = *real_;
  vfs_.zName = "faulty";
  vfs_.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real_->szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = FaultyFile::open;
  vfs_.xDelete = FaultyFile::remove;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FaultyDisk::fail(DiskCall call, std::string ending, int result, int times, int after) {
  const std::lock_guard lock(mutex_);
  fault_ = Fault{call, std::move(ending), result, times, after};
  faults_ = 0;
}

void FaultyDisk::work() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
}

int FaultyDisk::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

void FaultyDisk::watch_syncs(std::string ending, std::function<void()> watch) {
  const std::lock_guard lock(mutex_);
  watched_ = std::move(ending);
  watch_ = std::move(watch);
}

int FaultyDisk::syncs(const std::string& ending) const {
  const std::lock_guard lock(mutex_);
  int syncs = 0;
  for (const auto& [path, content] : contents_) {
    if (path.ends_with(ending)) syncs += content->syncs;
  }
  return syncs;
}

void FaultyDisk::cut_power(const std::filesystem::path& folder) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, content] : contents_) {
    Content survived = *content;
    keep_some(survived);
    std::ofstream file(folder / std::filesystem::path(path).filename(), std::ios::binary);
    file.write(survived.durable.data(), static_cast<std::streamsize>(survived.durable.size()));
    if (!file.flush()) throw std::runtime_error("cannot write what survived of " + path);
  }
}

// A file that was there before counts as synced.
std::shared_ptr<FaultyDisk::Content> FaultyDisk::open(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Content>& content = contents_[path];
  if (content == nullptr) {
    content = std::make_shared<Content>();
    if (std::filesystem::file_size(path) > 0) {
      std::ifstream file(path, std::ios::binary);
      content->durable.assign(std::istreambuf_iterator<char>(file), {});
    }
  }
  return content;
}

void FaultyDisk::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  contents_.erase(path);
}

std::optional<int> FaultyDisk::fault_of(DiskCall call, const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!fault_ || fault_->call != call || path.empty() || !path.ends_with(fault_->ending)) return std::nullopt;
  if (fault_->after-- > 0) return std::nullopt;
  if (fault_->times-- <= 0) return std::nullopt;
  ++faults_;
  return fault_->result;
}

// A disk writes whole sectors, in any order.
void FaultyDisk::keep_some(Content& content) {
  constexpr std::size_t kSector = 512;
  const unsigned mood = random_() % 4;  // nothing, everything, or a half
  for (const Write& write : content.pending) {
    for (std::size_t begin = 0; begin < std::max<std::size_t>(write.data.size(), 1);) {
      const std::size_t in_sector = (static_cast<std::size_t>(write.offset) + begin) % kSector;
      const std::size_t end = std::min(write.data.size(), begin + kSector - in_sector);
      if (mood == 1 || (mood >= 2 && random_() % 2 == 0)) apply(content.durable, write, begin, end);
      begin = std::max(end, begin + 1);
    }
  }
  content.pending.clear();
}

void FaultyDisk::apply(std::vector<char>& bytes, const Write& write, std::size_t begin, std::size_t end) {
  const auto offset = static_cast<std::size_t>(write.offset);
  if (write.is_truncation) {
    bytes.resize(offset);
    return;
  }
  if (bytes.size() < offset + end) bytes.resize(offset + end);
  std::copy(write.data.begin() + static_cast<std::ptrdiff_t>(begin),
            write.data.begin() + static_cast<std::ptrdiff_t>(end),
            bytes.begin() + static_cast<std::ptrdiff_t>(offset + begin));
}

}  // namespace evh::sqlite_store::test
