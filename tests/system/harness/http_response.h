#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evh::system_test {

/// An answer as it came over the wire, chunks undone.
struct HttpResponse {
  int minor_version = 1;
  int status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;  ///< in the order sent
  std::string body;

  /// The value of the only header of this name, in any case; "" when there is none; all of them joined by " | " when
  /// there are several, which no expectation will match.
  std::string header(std::string_view name) const;
  bool has_header(std::string_view name) const;
};

/// The comma-separated values of a header, trimmed, in lower case.
std::vector<std::string> list_of(std::string_view header_value);

/// Reads status line and headers, without the empty line behind them. Throws std::runtime_error on anything that RFC
/// 9112 does not allow.
HttpResponse parse_response_head(std::string_view head);

void PrintTo(const HttpResponse& response, std::ostream* out);

/// The exact body of an error.
std::string error_json(std::string_view error, std::string_view details);

}  // namespace evh::system_test
