// The suite on plugins that behave; test_lifecycle_suite_catches.cpp has it on plugins that do not.
#include <memory>

#include "evh/testkit/lifecycle_suite.h"

namespace {

EVH_LIFECYCLE_SUITE(PuppetLifecycle, TEST_PLUGINS "puppet.so")

}  // namespace
