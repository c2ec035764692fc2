// How a call of the plugin ended.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "evh/types.h"

namespace evh::testkit {

struct Outcome {
  evh_code code = EVH_OK;
  std::string message;  // empty when code is EVH_OK

  [[nodiscard]] bool ok() const noexcept { return code == EVH_OK; }
};

// "EVH_TIMEOUT"; "code 77" for one that this release does not know.
[[nodiscard]] std::string code_name(evh_code code);

std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

}  // namespace evh::testkit
