// JSON text and the UTF-8 that it is made of, written without allocating where the caller brings the room.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace evh::host {

struct Escaped {
  std::size_t read;     // bytes of the text; less than all of it: the room is over
  std::size_t written;  // bytes of the room
};

// Writes `text` as the inside of a JSON string. Each byte that is no UTF-8 becomes U+FFFD. A character is written whole
// or not at all.
Escaped escape_json(std::string_view text, std::span<char> room) noexcept;

// With the quotes.
void append_json_string(std::string& json, std::string_view text);

// A JSON number, true, false or null, and nothing else.
[[nodiscard]] bool is_json_literal(std::string_view text) noexcept;

// As many whole characters of `text` as fit into `most` bytes. Each byte that is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string utf8_prefix(std::string_view text, std::size_t most);

}  // namespace evh::host
