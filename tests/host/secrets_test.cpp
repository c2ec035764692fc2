#include "secrets.h"

#include <gtest/gtest.h>

namespace evh::host {
namespace {

std::string masked(const Secrets& secrets, std::string_view text) {
  std::string storage;
  return std::string(secrets.masked(text, storage));
}

TEST(Secrets, AreMaskedWhereverTheyOccur) {
  Secrets secrets;
  secrets.add("hunter2");
  EXPECT_EQ(masked(secrets, "hunter2"), "***");
  EXPECT_EQ(masked(secrets, "a hunter2hunter2 b hunter2"), "a ****** b ***");
  EXPECT_EQ(masked(secrets, "hunter"), "hunter");
  EXPECT_EQ(masked(secrets, ""), "");
}

TEST(Secrets, ThatHoldEachOtherLeaveNoPart) {
  for (const bool is_long_first : {true, false}) {
    Secrets secrets;
    secrets.add(is_long_first ? "secret-and-more" : "secret");
    secrets.add(is_long_first ? "secret" : "secret-and-more");
    EXPECT_EQ(masked(secrets, "secret-and-more secret"), "*** ***");
  }
}

TEST(Secrets, AsShortAsWordsAreNotLookedFor) {
  Secrets secrets;
  secrets.add("");
  secrets.add("abc");
  EXPECT_EQ(masked(secrets, "abcdef"), "abcdef");
  secrets.add("abcd");
  EXPECT_EQ(masked(secrets, "abcdef"), "***ef");
}

TEST(Secrets, MadeOfAsterisksDoNotLoopForEver) {
  Secrets secrets;
  secrets.add("****");
  EXPECT_EQ(masked(secrets, "********"), "******");
}

}  // namespace
}  // namespace evh::host
