#include "cursor.h"

#include <array>
#include <cstddef>
#include <span>

namespace evh::http_api {
namespace {

// Layout, big-endian: 1 byte format and order, 8 created_at, 8 id, 4 checksum of those before. 21 bytes are 28
// characters of base64 with no bit to spare, so that every cursor has one text.
constexpr std::size_t kCheckedBytes = 17;
constexpr std::size_t kBytes = 21;
constexpr std::size_t kTextSize = kBytes / 3 * 4;
constexpr std::uint8_t kFormat = 0x10;  // the next layout gets 0x20; the low bit is the order

using Bytes = std::array<std::uint8_t, kBytes>;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";  // RFC 4648, section 5

// CRC-32 (reflected, 0xEDB88320): finds every damage of up to 32 bits in a row, so every wrong character.
std::uint32_t checksum(std::span<const std::uint8_t> bytes) noexcept {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

void put(std::span<std::uint8_t> to, std::uint64_t value) noexcept {
  for (std::size_t i = to.size(); i-- > 0; value >>= 8) to[i] = static_cast<std::uint8_t>(value);
}

std::uint64_t get(std::span<const std::uint8_t> from) noexcept {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : from) value = value << 8 | byte;
  return value;
}

}  // namespace

std::string_view to_string(EventOrder order) noexcept {
  return order == EventOrder::kOldestFirst ? "asc" : "desc";
}

std::string encode_cursor(const Cursor& cursor) {
  Bytes bytes{};
  const std::span<std::uint8_t> all(bytes);
  bytes[0] = static_cast<std::uint8_t>(kFormat | static_cast<std::uint8_t>(cursor.order));
  put(all.subspan(1, 8), static_cast<std::uint64_t>(cursor.created_at));
  put(all.subspan(9, 8), static_cast<std::uint64_t>(cursor.id));
  put(all.subspan(kCheckedBytes), checksum(all.first(kCheckedBytes)));

  std::string text;
  for (std::size_t i = 0; i < kBytes; i += 3) {
    const std::uint64_t group = get(all.subspan(i, 3));
    for (int shift = 18; shift >= 0; shift -= 6) text.push_back(kAlphabet[group >> shift & 0x3F]);
  }
  return text;
}

std::optional<Cursor> decode_cursor(std::string_view text) noexcept {
  if (text.size() != kTextSize) return std::nullopt;
  Bytes bytes{};
  const std::span<std::uint8_t> all(bytes);
  for (std::size_t i = 0; i < kBytes / 3; ++i) {
    std::uint64_t group = 0;
    for (const char c : text.substr(i * 4, 4)) {
      const std::size_t digit = kAlphabet.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      group = group << 6 | digit;
    }
    put(all.subspan(i * 3, 3), group);
  }
  if (get(all.subspan(kCheckedBytes)) != checksum(all.first(kCheckedBytes))) return std::nullopt;
  if ((bytes[0] & 0xFEU) != kFormat) return std::nullopt;

  Cursor cursor;
  cursor.order = static_cast<EventOrder>(bytes[0] & 1U);
  cursor.created_at = static_cast<evh_time>(get(all.subspan(1, 8)));
  cursor.id = static_cast<std::int64_t>(get(all.subspan(9, 8)));
  if (cursor.id <= 0) return std::nullopt;
  return cursor;
}

}  // namespace evh::http_api
