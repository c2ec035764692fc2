// Reads a small text file whole.
#pragma once

#include <cstddef>
#include <string>

namespace evh::host {

inline constexpr std::size_t kLargestFile = std::size_t{1} << 20;  // bytes of a configuration or an environment file

// Throws std::system_error when it cannot be opened or read (ENOENT: there is none), StartRefused when it is no regular
// file, larger than kLargestFile or has a NUL in it.
[[nodiscard]] std::string read_bounded_file(const std::string& path);

}  // namespace evh::host
