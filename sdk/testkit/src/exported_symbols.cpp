#include "evh/testkit/exported_symbols.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <span>
#include <string_view>

#include "evh/testkit/failures.h"

namespace evh::testkit {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw LoadError("cannot open " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

// Reads plain structs out of an ELF file, however short or broken it is.
class ElfImage {
 public:
  ElfImage(std::string bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {
    const auto header = at<Elf64_Ehdr>(0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB) {
      refuse("it is no 64-bit little-endian ELF file");
    }
    for (std::size_t index = 0; index < header.e_shnum; ++index) {
      sections_.push_back(at<Elf64_Shdr>(header.e_shoff + index * header.e_shentsize));
    }
  }

  [[nodiscard]] std::vector<std::string> exported() const {
    std::vector<std::string> names;
    for (const Elf64_Shdr& section : sections_) {
      if (section.sh_type != SHT_DYNSYM) continue;
      if (section.sh_link >= sections_.size()) refuse("its dynamic symbols have no names");
      for (std::size_t offset = 0; offset + sizeof(Elf64_Sym) <= section.sh_size; offset += sizeof(Elf64_Sym)) {
        const auto symbol = at<Elf64_Sym>(section.sh_offset + offset);
        if (is_exported(symbol)) names.push_back(text(sections_[section.sh_link].sh_offset + symbol.st_name));
      }
    }
    std::ranges::sort(names);
    return names;
  }

 private:
  static bool is_exported(const Elf64_Sym& symbol) noexcept {
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
  }

  template <class Struct>
  [[nodiscard]] Struct at(std::size_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(Struct)) refuse("it is cut short");
    Struct value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  [[nodiscard]] std::string text(std::size_t offset) const {
    const std::size_t end = bytes_.find('\0', offset);
    if (end == std::string::npos) refuse("it is cut short");
    return bytes_.substr(offset, end - offset);
  }

  [[noreturn]] void refuse(std::string_view why) const {
    throw LoadError("cannot read the symbols of " + name_ + ": " + std::string(why));
  }

  std::string bytes_;
  std::string name_;
  std::vector<Elf64_Shdr> sections_;
};

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& library) {
  return ElfImage(read_file(library), library.string()).exported();
}

}  // namespace evh::testkit
