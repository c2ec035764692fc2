#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace evh::system_test {

/// What a running process has taken, from /proc.
struct ProcessUsage {
  std::uint64_t resident_bytes = 0;
  std::uint64_t peak_resident_bytes = 0;
  std::chrono::milliseconds cpu_time{};  ///< of all its threads, user and system; the kernel counts in steps of 10 ms
  std::size_t open_files = 0;            ///< sockets included
  std::size_t open_sockets = 0;          ///< those of clients, and the few that are always open
};

/// Throws when there is no such process.
ProcessUsage usage_of(pid_t process);

}  // namespace evh::system_test
