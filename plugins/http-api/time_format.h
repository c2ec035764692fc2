#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "evh/types.h"

namespace evh::http_api {

/// The times that the API can name: years 0001 to 9999, in UTC.
inline constexpr evh_time kFirstTime = -62'135'596'800'000'000;
inline constexpr evh_time kLastTime = 253'402'300'799'999'999;

/// Reads one of
///
///     2006-01-02
///     2006-01-02T15:04        2006-01-02T15:04:05        2006-01-02T15:04:05.123456789
///
/// where T may be `t` or a space, and behind a time of day an offset may follow: `Z`, `z`, `+02:00`, `-02:00`, or `
/// 02:00`, which is a
/// `+` that form decoding turned into a space. Without an offset it is UTC. A fraction may have any number of digits;
/// what is below a microsecond is cut off. Nothing when it is no such text, no day of the calendar, or outside
/// kFirstTime to kLastTime.
std::optional<evh_time> parse_time(std::string_view text) noexcept;

/// The same for the value of a query parameter, decoded once: if it is no time as it is, it may have been encoded twice
/// or three times, so it is decoded once or twice more.
std::optional<evh_time> parse_time_parameter(std::string_view value);

inline constexpr std::size_t kTimeTextSize = sizeof "2006-01-02T15:04:05.123456Z" - 1;

/// RFC 3339 in UTC, with up to six digits of fraction, trailing zeros cut: `2006-01-02T15:04:05.12Z`. The text is in
/// `buffer`. A time outside kFirstTime to kLastTime is shown as the nearer of these two. Never allocates.
std::string_view format_time(evh_time time, std::span<char, kTimeTextSize> buffer) noexcept;

}  // namespace evh::http_api
