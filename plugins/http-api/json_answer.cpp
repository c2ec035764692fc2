#include "json_answer.h"

#include <string>

#include "evh/text.hpp"

namespace evh::http_api {
namespace {

constexpr evh_header kJson{str("Content-Type"), str("application/json")};

}  // namespace

void respond_json(const evh_responder& responder, int status, std::string_view body) {
  responder.respond(responder.self, status, &kJson, 1, str(body));
}

void respond_error(const evh_responder& responder, const ApiError& error) {
  if (error.retry_after.count() == 0) return respond_json(responder, error.status, to_json(error));
  const std::string seconds = std::to_string(error.retry_after.count());
  const evh_header headers[] = {kJson, {str("Retry-After"), str(seconds)}};
  responder.respond(responder.self, error.status, headers, std::size(headers), str(to_json(error)));
}

}  // namespace evh::http_api
