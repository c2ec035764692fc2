// Somebody else writes to the same file: a backup, a shell, a second instance.
#include <algorithm>
#include <chrono>
#include <future>
#include <map>

#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testkit::LoadedPlugin;

using LockedFile = StoreTest;

TEST_F(LockedFile, IsWaitedForWhenItIsShort) {
  const LoadedPlugin plugin = start();
  const DatabaseView other(file());
  other.run("BEGIN IMMEDIATE");
  const AppendCall& call = begin(plugin, "event");
  EXPECT_FALSE(call.wait(50ms));
  other.run("COMMIT");
  ASSERT_TRUE(call.wait());
  EXPECT_THAT(call.end(), IsStored());
}

TEST_F(LockedFile, EndsTheWaitOfAnAppendWithNothingStored) {
  const LoadedPlugin plugin = start();
  const DatabaseView other(file());
  other.run("BEGIN IMMEDIATE");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(append(plugin, "late", 100ms), EndedWith(EVH_TIMEOUT));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 100ms);
  EXPECT_EQ(testkit::scan(store_of(plugin)).code, EVH_OK) << "reading goes on";
  other.run("COMMIT");
  EXPECT_THAT(append(plugin, "after"), IsStored());
  EXPECT_THAT(DatabaseView(file()).actions(), ElementsAre("after"));
}

TEST_F(LockedFile, IsToldToTheOperatorWhenItIsLong) {
  const LoadedPlugin plugin = start();
  const DatabaseView other(file());
  other.run("BEGIN IMMEDIATE");
  const AppendCall& call = begin(plugin, "event", 60s);
  ASSERT_TRUE(plugin.wait_for_health(Health::kDegraded));
  EXPECT_THAT(plugin.health_reason(), HasSubstr("another process has locked the database " + file().string()));
  other.run("COMMIT");
  ASSERT_TRUE(call.wait());
  EXPECT_THAT(call.end(), IsStored());
  EXPECT_TRUE(plugin.wait_for_health(Health::kHealthy));
}

TEST_F(LockedFile, FillsTheQueueAndNoMore) {
  const LoadedPlugin plugin = start({{"queue_events", "5"}});
  const DatabaseView other(file());
  other.run("BEGIN IMMEDIATE");
  std::vector<AppendCall*> queued;
  for (int i = 0; i < 5; ++i) queued.push_back(&begin(plugin, "queued-" + std::to_string(i), 60s));
  for (int i = 0; i < 5; ++i) {
    const AppendCall& refused = begin(plugin, "refused", 60s);
    EXPECT_EQ(refused.times_done(), 1U) << "at once";
    EXPECT_THAT(refused.end(), EndedWith(EVH_OVERLOADED));
  }
  EXPECT_THAT(append(plugin, std::vector<NewEvent>(6)), EndedWith(EVH_INVALID)) << "it would never fit";
  other.run("COMMIT");
  for (const AppendCall* call : queued) {
    ASSERT_TRUE(call->wait());
    EXPECT_THAT(call->end(), IsStored());
  }
  EXPECT_THAT(DatabaseView(file()).actions(), ElementsAre("queued-0", "queued-1", "queued-2", "queued-3", "queued-4"));
}

TEST_F(LockedFile, DoesNotHoldUpTheStop) {
  LoadedPlugin plugin = start();
  const DatabaseView other(file());
  other.run("BEGIN IMMEDIATE");
  std::vector<AppendCall*> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(&begin(plugin, "event", 60s));
  const testkit::Outcome drained = plugin.drain(200ms);
  EXPECT_EQ(drained.code, EVH_TIMEOUT);
  EXPECT_THAT(drained.message, HasSubstr("20 queued events not yet written"));
  EXPECT_EQ(calls[0]->times_done(), 0U);
  plugin.stop();
  for (const AppendCall* call : calls) {
    EXPECT_EQ(call->times_done(), 1U);
    EXPECT_THAT(call->end(), EndedWith(EVH_UNAVAILABLE));
  }
  other.run("COMMIT");
  EXPECT_THAT(DatabaseView(file()).actions(), testing::IsEmpty());
}

TEST_F(LockedFile, IsSharedByTwoInstances) {
  constexpr int kEach = 300;
  const LoadedPlugin one = start();
  const LoadedPlugin other = start();
  std::map<std::string, const LoadedPlugin*> instances{{"one", &one}, {"other", &other}};
  std::vector<AppendCall*> calls;
  for (int i = 0; i < kEach; ++i) {
    for (const auto& [name, plugin] : instances) calls.push_back(&begin(*plugin, name, 60s));
    if (i % 20 == 0) {
      EXPECT_TRUE(calls.back()->wait(60s));
    }
  }
  std::vector<std::int64_t> ids;
  for (const AppendCall* call : calls) {
    ASSERT_TRUE(call->wait(60s));
    ASSERT_THAT(call->end(), IsStored());
    ids.push_back(call->end().ids.at(0));
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end()) << "no id is given twice";
  EXPECT_EQ(DatabaseView(file()).actions().size(), calls.size());
  EXPECT_EQ(testkit::scan(store_of(one)).events, testkit::scan(store_of(other)).events);
}

// The last page of everything is asked for while the others are busy: no reader is left, and none is lost.
TEST_F(LockedFile, ReadersThatAreAllBusyAreWaitedFor) {
  const LoadedPlugin plugin = start({{"readers", "1"}});
  ASSERT_THAT(append(plugin, std::vector<NewEvent>(3'000)), IsStored());
  std::vector<std::future<testkit::ScanEnd>> scans;
  for (int i = 0; i < 8; ++i) {
    scans.push_back(std::async(std::launch::async, [&] { return testkit::scan(store_of(plugin)); }));
  }
  for (auto& scan : scans) {
    const testkit::ScanEnd end = scan.get();
    EXPECT_EQ(end.code, EVH_OK) << end.message;
    EXPECT_EQ(end.events.size(), 3'000U);
  }
}

}  // namespace
}  // namespace evh::sqlite_store::test
