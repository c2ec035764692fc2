#include "evh/testkit/violation.h"

#include <ostream>

namespace evh::testkit {

std::ostream& operator<<(std::ostream& out, const Violation& violation) {
  return out << violation.rule << ": plugin '" << violation.plugin << "': " << violation.what;
}

}  // namespace evh::testkit
