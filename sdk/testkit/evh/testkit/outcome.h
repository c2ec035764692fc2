// How a call of the plugin ended.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "evh/error.hpp"
#include "evh/types.h"

namespace evh::testkit {

struct Outcome {
  evh_code code = EVH_OK;
  std::string message;  // empty when code is EVH_OK

  [[nodiscard]] bool ok() const noexcept { return code == EVH_OK; }
};

using evh::code_name;

std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

}  // namespace evh::testkit
