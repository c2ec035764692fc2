#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api_error.h"

namespace evh::http_api {

/// The event in the body of a POST. The views are slices of that body, so it must outlive them.
struct ParsedEvent {
  std::int64_t user_id = 0;       ///< positive
  std::string_view metadata;      ///< the text of a JSON object as the client wrote it; `{}` when there was none
  std::string_view plain_action;  ///< the action, if it was written without escapes
  std::string decoded_action;     ///< else this one

  /// Not empty, UTF-8, without NUL.
  std::string_view action() const noexcept {
    return decoded_action.empty() ? plain_action : std::string_view(decoded_action);
  }
};

/// Reads `{"user_id": 1, "action": "login", "metadata": {...}}`. Keys are compared as written, unknown ones are
/// ignored, the last of several equal ones counts, and null is as good as absent. Checks, in this order: the syntax,
/// UTF-8, the type of the body, the types of the members as they come, then user_id and action. `out` is overwritten,
/// and of no use after an error; give the same one again to spare allocations.
std::optional<ApiError> parse_event(std::string_view body, ParsedEvent& out);

}  // namespace evh::http_api
