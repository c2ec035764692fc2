#include "evh/testkit/test_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/puppet.h"

namespace evh::testkit {
namespace {

using testing::IsEmpty;

TEST(TestHost, LoadsCreatesAndStartsAPluginInC) {
  TestHost host;
  auto plugin = host.load(TEST_PLUGINS "puppet.so");
  EXPECT_TRUE(plugin.create().ok());
  const auto& service = plugin.service<puppet>();
  EXPECT_TRUE(plugin.start().ok());
  EXPECT_EQ(*service.starts, 1);
  plugin.drain_stop_and_destroy();
  EXPECT_THAT(host.violations(), IsEmpty());
}

}  // namespace
}  // namespace evh::testkit
