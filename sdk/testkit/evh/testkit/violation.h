// A breach of the contract in evh/*.h that the test host saw.
#pragma once

#include <iosfwd>
#include <string>

namespace evh::testkit {

struct Violation {
  // Which part of the contract, one of: "exports", "publish", "find", "setting", "log", "secret",
  // "health", "wait", "error", "drain", "threads", "lifecycle".
  std::string rule;
  std::string plugin;  // the instance
  std::string what;    // what happened, and what the contract says
};

// "threads: plugin 'store': ..."
std::ostream& operator<<(std::ostream& out, const Violation& violation);

}  // namespace evh::testkit
