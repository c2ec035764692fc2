#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace evh::http_api {

/// The text that was encoded as application/x-www-form-urlencoded: `+` is a space, %XX is a byte. Nothing if a `%` is
/// not followed by two hexadecimal digits. The bytes may be any, NUL and invalid UTF-8 included.
std::optional<std::string> decode_form(std::string_view encoded);

/// The path of a request line with its %XX undone, but for %2F: an encoded slash separates nothing (RFC 3986, 2.2), so
/// it must not make one path into another. `+` stays. Nothing if a `%` is not followed by two hexadecimal digits.
std::optional<std::string> decode_path(std::string_view encoded);

/// How many bytes at the start of a path, as it came, are the first `decoded_size` bytes of decode_path.
std::size_t encoded_size(std::string_view encoded, std::size_t decoded_size) noexcept;

/// Appends `text` with every byte but letters, digits and `-._~` as %XX: safe anywhere in a URL and in a header.
void append_percent_encoded(std::string& out, std::string_view text);

/// Appends a path as it came in a request line: what may stand in a path stays, %XX included, and every other byte
/// becomes %XX.
void append_encoded_path(std::string& out, std::string_view path);

}  // namespace evh::http_api
