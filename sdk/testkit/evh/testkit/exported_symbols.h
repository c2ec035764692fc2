// What a shared library exports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace evh::testkit {

// The symbols that `library` (64-bit ELF) defines for others, from .dynsym, sorted; a stripped library shows them too.
// Throws LoadError when the file cannot be read as such.
[[nodiscard]] std::vector<std::string> exported_symbols(const std::filesystem::path& library);

}  // namespace evh::testkit
