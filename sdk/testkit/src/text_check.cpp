#include "text_check.h"

#include <cstddef>
#include <cstdint>

namespace evh::testkit {
namespace {

// Bytes of the character that begins with `lead`; 0 when none does.
std::size_t character_size(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool is_character(std::string_view bytes) noexcept {
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  std::uint32_t point = static_cast<unsigned char>(bytes[0]) & (0xFFU >> (bytes.size() + 1));
  for (const char byte : bytes.substr(1)) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xC0U) != 0x80U) return false;
    point = (point << 6) | (bits & 0x3FU);
  }
  if (bytes.size() == 1) return true;
  return point >= kSmallest[bytes.size()] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = character_size(static_cast<unsigned char>(text[0]));
    if (size == 0 || size > text.size() || !is_character(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_one_line(std::string_view text) noexcept {
  return !text.empty() && text.find_first_of("\r\n") == std::string_view::npos && is_utf8(text);
}

}  // namespace evh::testkit
