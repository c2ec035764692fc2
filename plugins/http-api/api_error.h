#pragma once

#include <chrono>
#include <string>

namespace evh::http_api {

/// A refusal as the client sees it.
struct ApiError {
  int status = 500;     ///< of HTTP
  std::string error;    ///< what went wrong, one of the fixed texts of the API
  std::string details;  ///< why, naming the field or byte; may be empty

  std::chrono::seconds retry_after{0};  ///< when the client may come back; 0: coming back would not help

  bool operator==(const ApiError&) const = default;
};

/// How long a client is asked to wait when something is full or away that is so for a moment only.
inline constexpr std::chrono::seconds kRetryAfter{1};

/// A bound of the server is reached: `details` says which.
ApiError server_busy(std::string details);

/// Nothing is left of the setting buffer_memory.
ApiError memory_is_taken();

/// `{"error":"...","details":"..."}`, without details when they are empty. Valid JSON whatever bytes the texts have.
std::string to_json(const ApiError& error);

}  // namespace evh::http_api
