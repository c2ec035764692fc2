#pragma once

#include <cstddef>
#include <filesystem>

namespace evh::sqlite_store {

// Whether `file` could grow from `size` bytes by `more`, as far as the file system, its quota and the process's limits
// can tell; asked without touching it. True when they cannot.
[[nodiscard]] bool can_grow(const std::filesystem::path& file, std::size_t size, std::size_t more) noexcept;

}  // namespace evh::sqlite_store
