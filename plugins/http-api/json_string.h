#pragma once

#include <string>
#include <string_view>

namespace evh::http_api {

/// Appends `text` as a JSON string with its quotes. UTF-8 passes through, control characters are escaped, and every
/// byte that belongs to no well-formed UTF-8 sequence becomes U+FFFD: what is appended is valid JSON whatever the bytes
/// are.
void append_json_string(std::string& out, std::string_view text);

/// The value of a JSON string, given what stands between its quotes, which must be valid (a JsonScanner has passed it).
/// A surrogate without its other half becomes U+FFFD. Overwrites `out`.
void decode_json_string(std::string_view between_quotes, std::string& out);

}  // namespace evh::http_api
