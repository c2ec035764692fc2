// JSON texts, compared as values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evh::testkit {

// The one text that stands for the value of `text`: no spaces, keys sorted (of equal keys the last one counts), strings
// with the fewest escapes, numbers as whole digits and a power of ten, exact at any size. So two texts are equal JSON
// values when their canonical texts are the same. Absent when `text` is no JSON (RFC 8259), no UTF-8, or nested deeper
// than 1000.
[[nodiscard]] std::optional<std::string> canonical_json(std::string_view text);

[[nodiscard]] bool is_json_object(std::string_view text);

}  // namespace evh::testkit
