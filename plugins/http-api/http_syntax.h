#pragma once

#include <bit>
#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace evh::http_api {

/// The words and lines that HTTP/1.1 is written in (RFC 9110 and 9112), as strict as the RFCs allow. Nothing here
/// allocates.

/// Offset of the first byte from `from` on that may stand in no line: a control other than tab, DEL included. The size
/// of `text` when there is none.
inline std::size_t find_control(std::string_view text, std::size_t from) noexcept;

/// Length of the token (methods, header names) at the start of `text`; 0 when it begins with another byte.
std::size_t token_length(std::string_view text) noexcept;

/// A whole token: not empty and nothing else.
bool is_token(std::string_view text) noexcept;

/// The host a request is for, `uri-host [":" port]`; empty is one too. Never user information.
bool is_host(std::string_view text) noexcept;

/// A request target may hold every visible ASCII character but '#'.
bool has_only_target_bytes(std::string_view text) noexcept;

/// Of ASCII letters only.
bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// Without the spaces and tabs around it.
std::string_view trim_whitespace(std::string_view text) noexcept;

/// Takes the first element, trimmed, off a comma-separated list; `list` becomes empty with the last one. Elements may
/// be empty.
std::string_view take_list_element(std::string_view& list) noexcept;

/// One line `name: value` of a head or of trailers.
struct HeaderLine {
  std::string_view name;
  std::string_view value;  ///< trimmed

  /// What is wrong with a line, which must be free of controls but tabs; nullptr when it was read.
  const char* read(std::string_view line) noexcept;
};

inline std::size_t find_control(std::string_view text, std::size_t from) noexcept {
  const char* const data = text.data();
#if defined(__SSE2__)
  const __m128i last_control = _mm_set1_epi8(0x1f);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7f);
  for (; text.size() - from >= sizeof(__m128i); from += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + from));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i refused =
        _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), control), _mm_cmpeq_epi8(bytes, del));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(refused));
    if (mask != 0) return from + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  for (; from < text.size(); ++from) {
    const auto byte = static_cast<unsigned char>(data[from]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) break;
  }
  return from;
}

}  // namespace evh::http_api
