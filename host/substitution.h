// Fills variables into one value of the configuration:
//   ${NAME}            its value; not set: refused
//   ${NAME:-default}   the default when it is not set or empty
//   ${NAME-default}    the default when it is not set
//   $${                a literal ${
// What a variable holds is taken as it is and not looked into again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "environment.h"

namespace evh::host {

struct Filled {
  std::string text;
  std::vector<std::string> variables;   // those that the environment gave a value, in their order in the text
  std::optional<std::string> fallback;  // what `text` is without the environment; nullopt: a variable has no default
};

struct FillProblem {
  std::size_t offset;  // byte of the value
  std::string what;    // and what to do
};

inline constexpr std::size_t kLongestValue = std::size_t{1} << 20;  // bytes of one value when filled

// Throws FillProblem.
[[nodiscard]] Filled fill(std::string_view text, const Environment& environment);

}  // namespace evh::host
