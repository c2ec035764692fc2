#include "api_error.h"

#include "json_string.h"

namespace evh::http_api {

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
