#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/file_descriptor.h"
#include "harness/patience.h"

namespace evh::system_test {

struct Command {
  std::filesystem::path program{};
  std::vector<std::string> arguments{};
  std::map<std::string, std::string> environment{};  ///< all there is, but for PATH, HOME and the sanitizers' options
  std::filesystem::path working_folder{};
  std::optional<std::uint64_t> file_size_limit{};  ///< bytes: writes past it fail with EFBIG, as on a full disk
};

/// A program that was started, what it has written, and how it ended. It never outlives this object, nor the thread
/// that started it.
class ChildProcess {
 public:
  /// Throws when it cannot be started.
  explicit ChildProcess(const Command& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const noexcept { return pid_; }
  bool is_running() { return !wait_for_exit(Milliseconds(0)).has_value(); }

  /// Nothing happens when it has ended already.
  void signal(int number);

  /// Its exit code, or minus the signal that ended it; nothing when it still runs after `within`. Once it has ended,
  /// output and errors are complete.
  std::optional<int> wait_for_exit(Milliseconds within);

  /// Written to standard output so far.
  std::string output() const;

  /// Written to standard error so far.
  std::string errors() const;

 private:
  void collect();

  pid_t pid_ = -1;
  FileDescriptor process_;  // a pidfd
  FileDescriptor output_end_, errors_end_;
  std::optional<int> exit_;
  mutable std::mutex mutex_;  // of the two texts
  std::string output_, errors_;
  std::jthread collector_;
};

}  // namespace evh::system_test
