#include "harness/process_usage.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace evh::system_test {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string() + ": the process has ended");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint64_t bytes_of(const std::string& status, const std::string& name) {
  constexpr std::uint64_t kKiB = 1024;
  const std::size_t at = status.find(name + ":");
  if (at == std::string::npos) throw std::runtime_error("no " + name + " in /proc/PID/status");
  return std::stoull(status.substr(at + name.size() + 1)) * kKiB;
}

// proc(5): utime and stime are the fields 14 and 15; the name in field 2 may have spaces and parentheses.
std::chrono::milliseconds cpu_time_of(const std::string& stat) {
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  fields >> user >> system;
  return std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessUsage usage_of(pid_t process) {
  const std::filesystem::path folder = std::filesystem::path("/proc") / std::to_string(process);
  const std::string status = text_of(folder / "status");
  ProcessUsage usage;
  usage.resident_bytes = bytes_of(status, "VmRSS");
  usage.peak_resident_bytes = bytes_of(status, "VmHWM");
  usage.cpu_time = cpu_time_of(text_of(folder / "stat"));
  for (const auto& entry : std::filesystem::directory_iterator(folder / "fd")) {
    ++usage.open_files;
    std::error_code gone;
    if (std::filesystem::read_symlink(entry, gone).native().starts_with("socket:")) ++usage.open_sockets;
  }
  return usage;
}

}  // namespace evh::system_test
