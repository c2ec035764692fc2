// How the suites get what a plugin needs.
#pragma once

#include <functional>
#include <memory>

#include "evh/testkit/test_host.h"

namespace evh::testkit {

// Provides what the plugin needs; what it returns lives longer than the plugin.
using Fakes = std::function<std::shared_ptr<void>(TestHost&)>;

}  // namespace evh::testkit
