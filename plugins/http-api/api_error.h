#pragma once

#include <string>

namespace evh::http_api {

/// A refusal as the client sees it.
struct ApiError {
  int status = 500;     ///< of HTTP
  std::string error;    ///< what went wrong, one of the fixed texts of the API
  std::string details;  ///< why, naming the field or byte; may be empty

  bool operator==(const ApiError&) const = default;
};

/// `{"error":"...","details":"..."}`, without details when they are empty. Valid JSON whatever bytes the texts have.
std::string to_json(const ApiError& error);

}  // namespace evh::http_api
