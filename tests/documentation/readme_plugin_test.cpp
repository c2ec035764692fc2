#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evh/testkit/test_host.h"

namespace {

TEST(ReadmePlugin, LogsItsGreeting) {
  evh::testkit::TestHost host;
  auto plugin = host.load(GREETER_SO, {{"greeting", "good morning"}});
  plugin.create_and_start();
  EXPECT_TRUE(host.wait_for_log("good morning"));
  plugin.drain_stop_and_destroy();
  EXPECT_THAT(host.violations(), testing::IsEmpty());
}

}  // namespace
