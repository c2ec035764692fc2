// What evh/plugin.h asks of a descriptor.
#pragma once

#include <string>
#include <vector>

#include "evh/plugin.h"

namespace evh::testkit {

// The needs that the descriptor lists, whatever their stride.
[[nodiscard]] std::vector<evh_need> declared_needs(const evh_plugin& plugin);

// Everything that is wrong, one line each; empty when nothing is.
[[nodiscard]] std::vector<std::string> descriptor_problems(const evh_plugin& plugin);

}  // namespace evh::testkit
