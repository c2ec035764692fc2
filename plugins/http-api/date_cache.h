#pragma once

#include <array>
#include <cstddef>
#include <ctime>
#include <string_view>

namespace evh::http_api {

/// The Date header's text, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7), written anew only when the second has
/// changed. One a thread.
class DateCache {
 public:
  /// `now` in seconds since 1970, within the years 1970 to 9999 (else the nearest of them). The view is valid until the
  /// next call.
  std::string_view at(std::time_t now);

 private:
  static constexpr std::size_t kSize = 29;

  std::time_t second_ = -1;
  std::array<char, kSize> text_{};
};

}  // namespace evh::http_api
