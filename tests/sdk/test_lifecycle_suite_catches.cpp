// The lifecycle suite on a plugin that breaks the contract: each test of it must fail for the right reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evh/testkit/lifecycle_suite.h"
#include "failures_of.h"

namespace evh::testkit {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

using Check = void (LifecycleTest::*)();

std::vector<std::string> failures(Check check, const std::string& does,
                                  const std::string& library = TEST_PLUGINS "rogue.so") {
  return failures_of([&] {
    LifecycleTest test(library, does.empty() ? Settings{} : Settings{{"does", does}});
    (test.*check)();
  });
}

TEST(LifecycleSuiteCatches, NothingWhenThePluginBehaves) {
  for (const char* good : {"nothing", "run a thread"}) {
    EXPECT_THAT(failures(&LifecycleTest::exports_only_its_entry, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::goes_through_its_life, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::stops_without_start, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::stops_without_drain, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::stops_twice, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::drains_quickly_without_work, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::lives_twice_at_once, good), IsEmpty());
    EXPECT_THAT(failures(&LifecycleTest::lives_again_and_leaves_no_file_open, good), IsEmpty());
  }
  EXPECT_THAT(failures(&LifecycleTest::cleans_up_after_a_failed_start, "fail start"), IsEmpty());
  EXPECT_THAT(failures(&LifecycleTest::cleans_up_after_a_failed_start, "fail create"), IsEmpty());
}

TEST(LifecycleSuiteCatches, ASurplusExport) {
  EXPECT_THAT(failures(&LifecycleTest::exports_only_its_entry, "", TEST_PLUGINS "talkative.so"),
              Contains(HasSubstr("talkative_answer")));
}

TEST(LifecycleSuiteCatches, AFailingCreate) {
  EXPECT_THAT(failures(&LifecycleTest::goes_through_its_life, "fail create"), Contains(HasSubstr("create fails")));
  EXPECT_THAT(failures(&LifecycleTest::stops_without_start, "fail create"), Contains(HasSubstr("create fails")));
}

TEST(LifecycleSuiteCatches, AFailingStart) {
  EXPECT_THAT(failures(&LifecycleTest::goes_through_its_life, "fail start"), Contains(HasSubstr("start fails")));
}

TEST(LifecycleSuiteCatches, AFailingDrain) {
  EXPECT_THAT(failures(&LifecycleTest::goes_through_its_life, "fail drain"), Contains(HasSubstr("one event is left")));
}

TEST(LifecycleSuiteCatches, AThreadThatIsLeftRunning) {
  EXPECT_THAT(failures(&LifecycleTest::stops_without_drain, "leave a thread"), Contains(HasSubstr("still runs")));
}

TEST(LifecycleSuiteCatches, AThreadThatIsStartedInCreate) {
  EXPECT_THAT(failures(&LifecycleTest::stops_without_start, "start a thread in create"),
              Contains(HasSubstr("still runs")));
}

TEST(LifecycleSuiteCatches, ASlowDrain) {
  EXPECT_THAT(failures(&LifecycleTest::drains_quickly_without_work, "drain slowly"),
              Contains(HasSubstr("nothing to wait for")));
}

TEST(LifecycleSuiteCatches, StateThatTwoInstancesShare) {
  EXPECT_THAT(failures(&LifecycleTest::lives_twice_at_once, "live once at a time"),
              Contains(HasSubstr("there is one already")));
}

TEST(LifecycleSuiteCatches, AFileThatIsLeftOpen) {
  EXPECT_THAT(failures(&LifecycleTest::lives_again_and_leaves_no_file_open, "open a file"),
              Contains(HasSubstr("stop closes everything")));
  EXPECT_THAT(failures(&LifecycleTest::cleans_up_after_a_failed_start, "open a file and fail"),
              Contains(HasSubstr("leaves nothing behind")));
}

TEST(LifecycleSuiteCatches, AFailedCreateThatLeavesAThread) {
  EXPECT_THAT(failures(&LifecycleTest::cleans_up_after_a_failed_start, "leave a thread after a failed create"),
              Contains(HasSubstr("still runs after the create that failed")));
}

TEST(LifecycleSuiteCatches, SettingsThatShouldFailAndDoNot) {
  EXPECT_THAT(failures(&LifecycleTest::cleans_up_after_a_failed_start, "nothing"),
              Contains(HasSubstr("should make create or start fail")));
}

TEST(LifecycleSuiteCatches, WhatTheTestHostSaw) {
  EXPECT_THAT(failures(&LifecycleTest::stops_twice, "publish twice"), Contains(HasSubstr("broke the contract")));
}

}  // namespace
}  // namespace evh::testkit
