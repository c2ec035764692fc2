// events-handler: see command_line.cpp for what it can do, commands.cpp for what it does.
#include <chrono>
#include <exception>
#include <string>

#include "command_line.h"
#include "commands.h"
#include "exit_code.h"
#include "problem.h"
#include "process_end.h"
#include "standard_descriptors.h"

int main(int argc, char** argv) {
  using namespace evh::host;
  const auto began = std::chrono::steady_clock::now();
  open_standard_descriptors();
  try {
    const ProcessEndReport report;
    const CommandLineResult parsed = parse_command_line(argc, argv);
    return parsed.command_line ? execute(*parsed.command_line, began) : parsed.exit_code;
  } catch (const StartRefused& refused) {
    for (const std::string& problem : refused.problems()) print_problem(problem);
    return kExitRefused;
  } catch (const std::exception& error) {
    print_problem(std::string("ended by an error of the program itself: ") + error.what());
    return kExitFailed;
  }
}
