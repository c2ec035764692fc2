#include "api_error.h"

#include <utility>

#include "json_string.h"

namespace evh::http_api {

ApiError server_busy(std::string details) {
  return {503, "server busy", std::move(details), kRetryAfter};
}

ApiError memory_is_taken() {
  return server_busy("large requests and answers take all the memory that they may (buffer_memory)");
}

std::string to_json(const ApiError& error) {
  std::string out = R"({"error":)";
  append_json_string(out, error.error);
  if (!error.details.empty()) {
    out.append(R"(,"details":)");
    append_json_string(out, error.details);
  }
  out.push_back('}');
  return out;
}

}  // namespace evh::http_api
