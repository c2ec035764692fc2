// The commands of the program.
#pragma once

#include <chrono>

#include "command_line.h"

namespace evh::host {

// Returns the exit code. Throws StartRefused, and what the libraries throw. `began` is when the process began.
[[nodiscard]] int execute(const CommandLine& command_line, std::chrono::steady_clock::time_point began);

// To stderr, one line each.
void print_problem(const std::string& problem);

}  // namespace evh::host
