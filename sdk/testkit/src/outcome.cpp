#include "evh/testkit/outcome.h"

#include <ostream>

namespace evh::testkit {

std::string code_name(evh_code code) {
  switch (code) {
    case EVH_OK:
      return "EVH_OK";
    case EVH_INVALID:
      return "EVH_INVALID";
    case EVH_UNAVAILABLE:
      return "EVH_UNAVAILABLE";
    case EVH_OVERLOADED:
      return "EVH_OVERLOADED";
    case EVH_TIMEOUT:
      return "EVH_TIMEOUT";
    case EVH_CANCELLED:
      return "EVH_CANCELLED";
    case EVH_NOT_FOUND:
      return "EVH_NOT_FOUND";
    case EVH_UNKNOWN_OUTCOME:
      return "EVH_UNKNOWN_OUTCOME";
    case EVH_INTERNAL:
      return "EVH_INTERNAL";
    default:
      return "code " + std::to_string(code);
  }
}

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  out << code_name(outcome.code);
  if (!outcome.message.empty()) out << " (" << outcome.message << ')';
  return out;
}

}  // namespace evh::testkit
