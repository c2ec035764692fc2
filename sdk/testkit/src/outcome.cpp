#include "evh/testkit/outcome.h"

#include <ostream>

namespace evh::testkit {

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  out << code_name(outcome.code);
  if (!outcome.message.empty()) out << " (" << outcome.message << ')';
  return out;
}

}  // namespace evh::testkit
