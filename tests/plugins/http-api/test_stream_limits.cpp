#include <gtest/gtest.h>

#include "stream_limits.h"

namespace evh::http_api {
namespace {

TEST(StreamLimits, CapEachClient) {
  StreamLimits limits(100, 2);
  EXPECT_TRUE(limits.try_open("192.0.2.1"));
  EXPECT_TRUE(limits.try_open("192.0.2.1"));
  EXPECT_FALSE(limits.try_open("192.0.2.1"));
  EXPECT_TRUE(limits.try_open("192.0.2.2"));
  limits.close("192.0.2.1");
  EXPECT_TRUE(limits.try_open("192.0.2.1"));
}

TEST(StreamLimits, CapAllTogether) {
  StreamLimits limits(3, 2);
  for (const char* client : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) EXPECT_TRUE(limits.try_open(client));
  EXPECT_FALSE(limits.try_open("192.0.2.4"));
  limits.close("192.0.2.1");
  EXPECT_TRUE(limits.try_open("192.0.2.4"));
}

// Whoever has one address of a /64 has 2^64 of them.
TEST(StreamLimits, TakeANetworkOfIpv6ForOneClient) {
  StreamLimits limits(100, 2);
  EXPECT_TRUE(limits.try_open("2001:db8::1"));
  EXPECT_TRUE(limits.try_open("2001:db8:0:0:ffff::2"));
  EXPECT_FALSE(limits.try_open("2001:db8::3"));
  EXPECT_TRUE(limits.try_open("2001:db8:0:1::1")) << "is another network";
  limits.close("2001:db8::1");
  EXPECT_TRUE(limits.try_open("2001:db8::3"));
}

// One that is at its cap comes again and again: it must not be counted for that.
TEST(StreamLimits, ForgetWhatTheyRefused) {
  StreamLimits limits(1, 1);
  EXPECT_TRUE(limits.try_open("192.0.2.1"));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limits.try_open("192.0.2.1"));
  limits.close("192.0.2.1");
  EXPECT_TRUE(limits.try_open("192.0.2.1"));
}

}  // namespace
}  // namespace evh::http_api
