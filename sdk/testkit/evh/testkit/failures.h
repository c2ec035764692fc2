// What the testkit throws. Neither is the plugin's word on how a call ended: that is an Outcome.
#pragma once

#include <stdexcept>

namespace evh::testkit {

// The library cannot be loaded, its descriptor is wrong, or the settings do not fit it: where the host would refuse to
// start.
class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The test asks for something that the contract does not allow, such as start before create.
class Misuse : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace evh::testkit
