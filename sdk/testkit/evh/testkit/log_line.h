// A log line that a plugin wrote.
#pragma once

#include <iosfwd>
#include <map>
#include <string>

#include "evh/host.hpp"

namespace evh::testkit {

struct LogLine {
  Level level = Level::kInfo;
  std::string message;
  std::string plugin;                         // the instance that wrote it
  std::map<std::string, std::string> fields;  // texts as they are, numbers and booleans as in JSON
};

// "info plugin: message key=value ..."
std::ostream& operator<<(std::ostream& out, const LogLine& line);

}  // namespace evh::testkit
