#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api_error.h"

namespace evh::http_api {

struct QueryParameter {
  std::string name;   ///< decoded; may be any bytes
  std::string value;  ///< decoded; may be any bytes
};

/// The parameters of a request, decoded, in the order of the query.
class QueryString {
 public:
  static constexpr std::size_t kMaxParameters = 64;

  /// Reads `a=1&b=2`, the part of a URL behind the `?`. An empty part between two `&` is skipped; a part without `=`
  /// has an empty value. Overwrites `out`, which is of no use after an error.
  static std::optional<ApiError> parse(std::string_view raw, QueryString& out);

  /// The value of the first parameter of this name; nothing when there is none. Borrowed from this.
  std::optional<std::string_view> find(std::string_view name) const noexcept;

  const std::vector<QueryParameter>& parameters() const noexcept { return parameters_; }

 private:
  std::vector<QueryParameter> parameters_;
};

}  // namespace evh::http_api
